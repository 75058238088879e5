"""What each kind of problem means and what to do about it, for the page at its address (`/problems/{code}`).

By the code of the problem; a test asserts that every kind has both texts in every language.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from app.i18n import Language


class Explanation(NamedTuple):
    """When a problem occurs, and how to fix it."""

    cause: Mapping[Language, str]
    fix: Mapping[Language, str]


EXPLANATIONS: Final[Mapping[str, Explanation]] = {
    "bad-cursor": Explanation(
        {
            "en": "The `cursor` of a list is not one that this list gave out with these filters.",
            "ja": "一覧の `cursor` が、この一覧・この条件で返されたものではありません。",
            "zh-Hans": "列表的 `cursor` 不是本列表在相同筛选条件下给出的。",
        },
        {
            "en": "Follow `next` of the previous page unchanged, or start again without `cursor`.",
            "ja": "前のページの `next` をそのままたどるか、`cursor` なしで最初から取得してください。",
            "zh-Hans": "请原样使用上一页的 `next`，或去掉 `cursor` 从头开始。",
        },
    ),
    "body-too-large": Explanation(
        {
            "en": "The body of the request is larger than the service accepts (16 KiB).",
            "ja": "リクエストの本文が上限（16 KiB）を超えています。",
            "zh-Hans": "请求正文超过上限（16 KiB）。",
        },
        {
            "en": "Send only the documented members. No request of this API needs a larger body.",
            "ja": "仕様にある項目だけを送ってください。これより大きな本文が必要な操作はありません。",
            "zh-Hans": "请只发送文档中列出的字段。本 API 没有需要更大正文的请求。",
        },
    ),
    "token-invalid": Explanation(
        {
            "en": "The access token is malformed, belongs to another checklist, or has been revoked.",
            "ja": "アクセスキーの形式が誤っているか、別のチェックリストのものか、取り消されています。",
            "zh-Hans": "访问凭证格式有误、属于其他清单，或已被撤销。",
        },
        {
            "en": "Send the token from the response that created or shared this checklist, unchanged. A lost token cannot be recovered; "
            "start a new checklist.",
            "ja": "このチェックリストの作成時または共有時の応答にあるキーを、そのまま送ってください。"
            "失くしたキーは再発行できません。新しいチェックリストを作成してください。",
            "zh-Hans": "请原样发送创建或分享该清单时响应中的凭证。凭证丢失后无法找回，请新建清单。",
        },
    ),
    "token-missing": Explanation(
        {
            "en": "Checklists are opened with an access token, and the request has no `Authorization` header.",
            "ja": "チェックリストを開くにはアクセスキーが必要ですが、`Authorization` ヘッダーがありません。",
            "zh-Hans": "打开清单需要访问凭证，但请求中没有 `Authorization` 头。",
        },
        {
            "en": "Send `Authorization: Bearer …` with the token from the response that created the checklist.",
            "ja": "作成時の応答にあるキーを `Authorization: Bearer …` で送ってください。",
            "zh-Hans": "请用 `Authorization: Bearer …` 发送创建清单时响应中的凭证。",
        },
    ),
    "carrier-not-found": Explanation(
        {
            "en": "No company in the catalogue has the id in the address.",
            "ja": "アドレスに含まれる id の会社は、カタログにありません。",
            "zh-Hans": "目录中没有地址里这个 id 的公司。",
        },
        {
            "en": "Use `closest` of the problem if it is there, or search by any name with `GET /v1/carriers?q=…`.",
            "ja": "`closest` があればそれを使うか、`GET /v1/carriers?q=…` で名前から探してください。",
            "zh-Hans": "如有 `closest` 可直接使用，或用 `GET /v1/carriers?q=…` 按名称查找。",
        },
    ),
    "carrier-retired": Explanation(
        {
            "en": "The company was in the catalogue and has been removed.",
            "ja": "この会社は以前掲載されていましたが、カタログから外れました。",
            "zh-Hans": "该公司曾在目录中，现已移除。",
        },
        {
            "en": "Follow `successor` if it is there.",
            "ja": "`successor` があれば、そのアドレスを使ってください。",
            "zh-Hans": "如有 `successor`，请使用该地址。",
        },
    ),
    "headers-too-large": Explanation(
        {
            "en": "The headers of the request are larger than the service accepts (16 KiB).",
            "ja": "リクエストのヘッダーが上限（16 KiB）を超えています。",
            "zh-Hans": "请求头超过上限（16 KiB）。",
        },
        {
            "en": "Send fewer headers. The service sets no cookies and needs none.",
            "ja": "ヘッダーを減らしてください。このサービスは Cookie を使いません。",
            "zh-Hans": "请减少请求头。本服务不使用 Cookie。",
        },
    ),
    "idempotency-key-reused": Explanation(
        {
            "en": "The same `Idempotency-Key` was sent within 24 hours with a different body.",
            "ja": "同じ `Idempotency-Key` が、24時間以内に別の本文とともに送られています。",
            "zh-Hans": "24 小时内，同一个 `Idempotency-Key` 曾与不同的正文一起发送。",
        },
        {
            "en": "Use a new key for each new checklist. Use the same key only to repeat the same request.",
            "ja": "新しいチェックリストごとに新しいキーを使ってください。同じキーは、同じリクエストの再送にだけ使えます。",
            "zh-Hans": "每个新清单请使用新的键；同一个键只能用于重发同一请求。",
        },
    ),
    "internal-error": Explanation(
        {
            "en": "The service has a fault. It was logged without anything you sent.",
            "ja": "サービス側の不具合です。送信内容を含めずに記録しました。",
            "zh-Hans": "服务出现故障，已记录，但不包含您发送的内容。",
        },
        {
            "en": "Try again later. Read a checklist again before you repeat a change.",
            "ja": "しばらくしてからもう一度お試しください。変更をやり直す前に、チェックリストを読み直してください。",
            "zh-Hans": "请稍后再试。重复修改前请先重新读取清单。",
        },
    ),
    "invalid-request": Explanation(
        {
            "en": "Parameters or the body do not match the documentation. `errors` lists the mistakes.",
            "ja": "パラメーターまたは本文が仕様と合いません。誤りは `errors` にあります。",
            "zh-Hans": "参数或正文与文档不符，错误列在 `errors` 中。",
        },
        {
            "en": "Fix each entry of `errors`: `parameter` or `pointer` says where, `detail` says how, `allowed` lists values.",
            "ja": "`errors` の各項目を直してください。場所は `parameter` か `pointer`、直し方は `detail`、値は `allowed` にあります。",
            "zh-Hans": "请逐条修改 `errors`：`parameter` 或 `pointer` 指出位置，`detail` 说明改法，`allowed` 列出可用的值。",
        },
    ),
    "method-not-allowed": Explanation(
        {
            "en": "The address exists but does not support the method of the request.",
            "ja": "このアドレスは、リクエストのメソッドに対応していません。",
            "zh-Hans": "该地址存在，但不支持所用的方法。",
        },
        {
            "en": "Use one of the methods in the `Allow` header.",
            "ja": "`Allow` ヘッダーにあるメソッドを使ってください。",
            "zh-Hans": "请使用 `Allow` 头中列出的方法。",
        },
    ),
    "not-found": Explanation(
        {
            "en": "The service has nothing at this address.",
            "ja": "このアドレスには何もありません。",
            "zh-Hans": "该地址没有任何内容。",
        },
        {
            "en": "Check the spelling. `GET /v1` lists the entry points, and `/docs` describes every address.",
            "ja": "つづりを確かめてください。入口は `GET /v1`、全アドレスの説明は `/docs` にあります。",
            "zh-Hans": "请检查拼写。入口列表见 `GET /v1`，所有地址的说明见 `/docs`。",
        },
    ),
    "not-ready": Explanation(
        {
            "en": "The service cannot read or write its database at the moment. `reading` and `writing` say which.",
            "ja": "サービスが現在データベースの読み取りまたは書き込みをできません。`reading` と `writing` で確認できます。",
            "zh-Hans": "服务暂时无法读取或写入数据库，具体见 `reading` 和 `writing`。",
        },
        {
            "en": "If you operate the service, check its database and the log. Answers that are cached are still served.",
            "ja": "運営者はデータベースとログを確認してください。キャッシュ済みの応答は引き続き返されます。",
            "zh-Hans": "运营者请检查数据库和日志。已缓存的响应仍可正常返回。",
        },
    ),
    "nothing-published": Explanation(
        {
            "en": "The service runs, but its catalogue has not been published yet.",
            "ja": "サービスは動いていますが、カタログがまだ公開されていません。",
            "zh-Hans": "服务已启动，但目录尚未发布。",
        },
        {
            "en": "Try again after `Retry-After` seconds. If you operate the service, run `kaiyaku publish`.",
            "ja": "`Retry-After` 秒後にもう一度お試しください。運営者は `kaiyaku publish` を実行してください。",
            "zh-Hans": "请在 `Retry-After` 秒后重试。运营者请执行 `kaiyaku publish`。",
        },
    ),
    "outcome-unknown": Explanation(
        {
            "en": "The database failed while it was saving. Your change may have been saved, or not.",
            "ja": "保存中にデータベースで障害が起きました。変更が保存されたかどうかはわかりません。",
            "zh-Hans": "数据库在保存时出现故障，您的修改可能已保存，也可能没有。",
        },
        {
            "en": "Read the checklist again to see. Repeat the creation of a checklist only with the same `Idempotency-Key`.",
            "ja": "チェックリストを読み直して確かめてください。作成をやり直すときは、同じ `Idempotency-Key` を付けてください。",
            "zh-Hans": "请重新读取清单确认。重新创建清单时，请使用相同的 `Idempotency-Key`。",
        },
    ),
    "problem-not-found": Explanation(
        {
            "en": "No kind of problem has this code.",
            "ja": "このコードの問題はありません。",
            "zh-Hans": "没有这个代码的问题。",
        },
        {
            "en": "Use `closest` if it is there, or choose one from `GET /problems`.",
            "ja": "`closest` があればそれを使うか、`GET /problems` の一覧から選んでください。",
            "zh-Hans": "如有 `closest` 可直接使用，或从 `GET /problems` 的列表中选择。",
        },
    ),
    "procedure-not-found": Explanation(
        {
            "en": "The company has no procedure with the id in the address.",
            "ja": "アドレスに含まれる id の手続きは、この会社にはありません。",
            "zh-Hans": "该公司没有地址里这个 id 的办理方式。",
        },
        {
            "en": "Use `closest` if it is there. `GET /v1/carriers/{carrier}` lists the procedures of a company.",
            "ja": "`closest` があればそれを使ってください。会社ごとの一覧は `GET /v1/carriers/{carrier}` にあります。",
            "zh-Hans": "如有 `closest` 可直接使用。公司的办理方式列表见 `GET /v1/carriers/{carrier}`。",
        },
    ),
    "procedure-retired": Explanation(
        {
            "en": "The procedure was in the catalogue and has been removed, for example because the company changed it.",
            "ja": "この手続きは以前掲載されていましたが、会社の変更などにより外れました。",
            "zh-Hans": "该办理方式曾在目录中，因公司变更等原因已移除。",
        },
        {
            "en": "Follow `successor` if it is there. Older states stay readable below `…/revisions`.",
            "ja": "`successor` があれば、そのアドレスを使ってください。以前の内容は `…/revisions` で読めます。",
            "zh-Hans": "如有 `successor`，请使用该地址。以前的内容仍可在 `…/revisions` 查看。",
        },
    ),
    "read-only": Explanation(
        {
            "en": "The access token was shared for reading, and the request would change the checklist.",
            "ja": "このアクセスキーは閲覧用に共有されたもので、変更には使えません。",
            "zh-Hans": "该访问凭证仅供查看，而请求会修改清单。",
        },
        {
            "en": "Ask the owner of the checklist to make the change.",
            "ja": "チェックリストの持ち主に変更を頼んでください。",
            "zh-Hans": "请联系清单的所有者进行修改。",
        },
    ),
    "request-refused": Explanation(
        {
            "en": "The server could not read the request as one of this API.",
            "ja": "サーバーがリクエストを読み取れませんでした。",
            "zh-Hans": "服务器无法读取该请求。",
        },
        {
            "en": "Compare the request with the example in `/docs`.",
            "ja": "`/docs` の例と比べてください。",
            "zh-Hans": "请与 `/docs` 中的示例对照。",
        },
    ),
    "revision-not-found": Explanation(
        {
            "en": "The procedure has no revision with this number.",
            "ja": "この手続きに、その番号の版はありません。",
            "zh-Hans": "该办理方式没有这个编号的修订版。",
        },
        {
            "en": "Ask for `newest` or a lower number. `…/revisions` lists them all.",
            "ja": "`newest` 以下の番号を指定してください。一覧は `…/revisions` にあります。",
            "zh-Hans": "请使用不大于 `newest` 的编号。完整列表见 `…/revisions`。",
        },
    ),
    "session-expired": Explanation(
        {
            "en": "The checklist has not been changed for 180 days and will be removed.",
            "ja": "180日間変更がなかったため、このチェックリストは削除されます。",
            "zh-Hans": "该清单已 180 天没有更改，将被删除。",
        },
        {
            "en": "Start a new checklist.",
            "ja": "新しいチェックリストを作成してください。",
            "zh-Hans": "请新建清单。",
        },
    ),
    "session-not-found": Explanation(
        {
            "en": "The checklist has been deleted.",
            "ja": "このチェックリストは削除されています。",
            "zh-Hans": "该清单已被删除。",
        },
        {
            "en": "Start a new checklist. A deleted one cannot be recovered.",
            "ja": "新しいチェックリストを作成してください。削除したものは元に戻せません。",
            "zh-Hans": "请新建清单。已删除的清单无法恢复。",
        },
    ),
    "stale-version": Explanation(
        {
            "en": "The checklist was changed elsewhere after the version that `If-Match` names.",
            "ja": "`If-Match` の版のあとで、ほかの端末などからチェックリストが変更されています。",
            "zh-Hans": "在 `If-Match` 指定的版本之后，清单已在别处被更改。",
        },
        {
            "en": "Read the checklist again and repeat the change with the new `ETag`.",
            "ja": "チェックリストを読み直し、新しい `ETag` を付けて変更をやり直してください。",
            "zh-Hans": "请重新读取清单，并用新的 `ETag` 重复修改。",
        },
    ),
    "step-gated": Explanation(
        {
            "en": "The step cannot be undone, or steps that it requires are still open.",
            "ja": "取り消せない手順か、先に済ませるべき手順が残っています。",
            "zh-Hans": "该步骤无法撤销，或其前置步骤尚未完成。",
        },
        {
            "en": 'Show `missing` and `loses` to the person first. Then repeat the request with `"acknowledge": true`.',
            "ja": 'まず `missing` と `loses` を本人に示してください。そのうえで `"acknowledge": true` を付けて送り直してください。',
            "zh-Hans": '请先向用户展示 `missing` 和 `loses`，确认后加上 `"acknowledge": true` 重新发送。',
        },
    ),
    "step-not-found": Explanation(
        {
            "en": "The procedure of this checklist has no step with this key.",
            "ja": "このチェックリストの手続きに、その手順はありません。",
            "zh-Hans": "该清单的办理方式中没有这个步骤。",
        },
        {
            "en": "Use a key of `known`.",
            "ja": "`known` にあるキーを使ってください。",
            "zh-Hans": "请使用 `known` 中的键。",
        },
    ),
    "too-many-requests": Explanation(
        {
            "en": "This client has sent more requests within a minute than the service answers.",
            "ja": "1分間に受け付けられる回数を超えました。",
            "zh-Hans": "该客户端一分钟内的请求次数超过上限。",
        },
        {
            "en": "Wait for the seconds of `Retry-After`. `RateLimit` says how many requests are left.",
            "ja": "`Retry-After` の秒数だけ待ってください。残りの回数は `RateLimit` にあります。",
            "zh-Hans": "请等待 `Retry-After` 指定的秒数。剩余次数见 `RateLimit`。",
        },
    ),
    "unavailable": Explanation(
        {
            "en": "The service cannot reach its database at the moment.",
            "ja": "サービスが一時的にデータベースに接続できません。",
            "zh-Hans": "服务暂时无法连接数据库。",
        },
        {
            "en": "Try again after the seconds of `Retry-After`.",
            "ja": "`Retry-After` の秒数のあとで、もう一度お試しください。",
            "zh-Hans": "请在 `Retry-After` 指定的秒数后重试。",
        },
    ),
    "unsupported-media-type": Explanation(
        {
            "en": "The body was sent without `Content-Type: application/json`, or with another type.",
            "ja": "本文に `Content-Type: application/json` がないか、別の形式が指定されています。",
            "zh-Hans": "发送正文时没有 `Content-Type: application/json`，或指定了其他类型。",
        },
        {
            "en": "Send the body as JSON, with the header `Content-Type: application/json`.",
            "ja": "本文を JSON にし、ヘッダー `Content-Type: application/json` を付けてください。",
            "zh-Hans": "请以 JSON 发送正文，并加上请求头 `Content-Type: application/json`。",
        },
    ),
    "version-excluded": Explanation(
        {
            "en": "The change was to be made only if the checklist did not have the version in `If-None-Match`, and it has.",
            "ja": "`If-None-Match` に指定された版のときは変更しない、という条件に当てはまりました。",
            "zh-Hans": "请求要求清单不处于 `If-None-Match` 指定的版本时才修改，而清单正处于该版本。",
        },
        {
            "en": "Send the change without `If-None-Match`, or with `If-Match` and the present `ETag`.",
            "ja": "`If-None-Match` を外すか、現在の `ETag` を `If-Match` に入れて送ってください。",
            "zh-Hans": "请去掉 `If-None-Match`，或用 `If-Match` 和当前的 `ETag` 发送修改。",
        },
    ),
}
