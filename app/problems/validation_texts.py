"""What is said of a mistake in a request, in every language of the service."""

from collections.abc import Mapping
from typing import Final

from app.problems.base import Words

DETAILS: Final[Mapping[str, Words]] = {
    "unknown": {
        "en": "{name} is not known here. Known: {allowed}.",
        "ja": "{name} は使えません。使えるもの：{allowed}。",
        "zh-Hans": "这里没有 {name}。可用：{allowed}。",
    },
    "unknown.none": {
        "en": "{name} is not known here: nothing is expected.",
        "ja": "{name} は使えません。ここで指定できるものはありません。",
        "zh-Hans": "这里没有 {name}，也不接受任何其他内容。",
    },
    "repeated": {
        "en": "{name} is given more than once. Send it once.",
        "ja": "{name} が2回以上指定されています。1回だけ指定してください。",
        "zh-Hans": "{name} 出现了不止一次，请只发送一次。",
    },
    "not_allowed": {
        "en": "{name} must be one of: {allowed}.",
        "ja": "{name} に使える値：{allowed}。",
        "zh-Hans": "{name} 只能是：{allowed}。",
    },
    "missing": {
        "en": "{name} is missing.",
        "ja": "{name} がありません。",
        "zh-Hans": "缺少 {name}。",
    },
    "missing.body": {
        "en": "The body is empty. Send a JSON object with these members: {allowed}.",
        "ja": "本文が空です。次の項目を持つ JSON オブジェクトを送ってください：{allowed}。",
        "zh-Hans": "请求正文为空。请发送包含以下成员的 JSON 对象：{allowed}。",
    },
    "missing.optional_body": {
        "en": "The body is empty. Send a JSON object; it can have these members: {allowed}.",
        "ja": "本文が空です。JSON オブジェクトを送ってください。使える項目：{allowed}。",
        "zh-Hans": "请求正文为空。请发送 JSON 对象，可用的成员：{allowed}。",
    },
    "too_long": {
        "en": "{name} is too long: {limit} characters at most.",
        "ja": "{name} が長すぎます。{limit} 文字までです。",
        "zh-Hans": "{name} 过长，最多 {limit} 个字符。",
    },
    "too_short": {
        "en": "{name} is too short: at least {limit} characters are needed.",
        "ja": "{name} が短すぎます。{limit} 文字以上にしてください。",
        "zh-Hans": "{name} 过短，至少 {limit} 个字符。",
    },
    "too_many": {
        "en": "{name} has too many entries: {limit} at most.",
        "ja": "{name} の数が多すぎます。{limit} 個までです。",
        "zh-Hans": "{name} 的条目过多，最多 {limit} 个。",
    },
    "wrong_form": {
        "en": "{name} has the wrong form. An example: {example}.",
        "ja": "{name} の形式が正しくありません。例：{example}",
        "zh-Hans": "{name} 的格式不正确。示例：{example}",
    },
    "wrong_form.pattern": {
        "en": "{name} does not have the form {limit}.",
        "ja": "{name} の形式が {limit} に合いません。",
        "zh-Hans": "{name} 不符合格式 {limit}。",
    },
    "not_json": {
        "en": "The body is not JSON: see line {line}, column {column}.",
        "ja": "本文が JSON ではありません（{line} 行 {column} 文字目）。",
        "zh-Hans": "请求正文不是 JSON（第 {line} 行第 {column} 个字符）。",
    },
    "not_json.encoding": {
        "en": "The body is not JSON in UTF-8.",
        "ja": "本文が UTF-8 の JSON ではありません。",
        "zh-Hans": "请求正文不是 UTF-8 编码的 JSON。",
    },
    "not_json.number": {
        "en": "The body holds a number that is too long or that JSON does not have, such as NaN.",
        "ja": "本文に、長すぎる数値か、NaN のように JSON にない数値があります。",
        "zh-Hans": "请求正文中有过长的数字，或 NaN 等 JSON 没有的数字。",
    },
    "not_json.depth": {
        "en": "The body is nested too deeply.",
        "ja": "本文の入れ子が深すぎます。",
        "zh-Hans": "请求正文嵌套过深。",
    },
    "out_of_range": {
        "en": "{name} must be between {low} and {high}.",
        "ja": "{name} は {low} 以上 {high} 以下にしてください。",
        "zh-Hans": "{name} 应在 {low} 到 {high} 之间。",
    },
    "out_of_range.low": {
        "en": "{name} must be at least {low}.",
        "ja": "{name} は {low} 以上にしてください。",
        "zh-Hans": "{name} 不能小于 {low}。",
    },
    "out_of_range.high": {
        "en": "{name} must be at most {high}.",
        "ja": "{name} は {high} 以下にしてください。",
        "zh-Hans": "{name} 不能大于 {high}。",
    },
    "out_of_range.years": {
        "en": "{name} must be in one of the years {low} to {high}.",
        "ja": "{name} は {low} 年から {high} 年までの日時にしてください。",
        "zh-Hans": "{name} 应在 {low} 年至 {high} 年之间。",
    },
    "not_a_date": {
        "en": "{name} must be a date that exists, such as 2026-11-30.",
        "ja": "{name} は 2026-11-30 のような、実在する日付にしてください。",
        "zh-Hans": "{name} 应为真实存在的日期，例如 2026-11-30。",
    },
    "not_an_instant": {
        "en": "{name} must be a date and time with its offset, such as 2026-11-30T19:00:00+09:00 (write + as %2B).",
        "ja": "{name} は 2026-11-30T19:00:00+09:00 のように、時差つきの日時にしてください（+ は %2B と書きます）。",
        "zh-Hans": "{name} 应为带时差的日期时间，例如 2026-11-30T19:00:00+09:00（加号写作 %2B）。",
    },
    "offset_missing": {
        "en": "{name} has no offset from UTC. Add one: Z, or +09:00 for Japan (write + as %2B).",
        "ja": "{name} に UTC との時差がありません。Z か、日本なら +09:00 を付けてください（+ は %2B と書きます）。",
        "zh-Hans": "{name} 缺少与 UTC 的时差。请加上 Z，或日本的 +09:00（加号写作 %2B）。",
    },
    "not_a_zone": {
        "en": "{name} must be an IANA time zone, such as Asia/Tokyo or Europe/Berlin.",
        "ja": "{name} は Asia/Tokyo や Europe/Berlin のような IANA のタイムゾーン名にしてください。",
        "zh-Hans": "{name} 应为 IANA 时区名，例如 Asia/Tokyo 或 Europe/Berlin。",
    },
    "not_a_closing_day": {
        "en": "{name} must be a day from 1 to 28, or `last` for the end of the month.",
        "ja": "{name} は 1 から 28 までの日、または月末を表す `last` にしてください。",
        "zh-Hans": "{name} 应为 1 至 28 之间的日期，或表示月末的 `last`。",
    },
    "must_not_be_sent": {
        "en": (
            "{name} holds more than it takes to recognise a company, perhaps a number that is yours alone. "
            "It was not kept. Send only what is documented."
        ),
        "ja": (
            "{name} には、会社を見分けるのに必要な範囲を超える内容（あなただけの番号など）が含まれています。"
            "保存はしていません。説明にある範囲だけを送ってください。"
        ),
        "zh-Hans": (
            "{name} 包含的内容超出识别公司所需，可能是仅属于您个人的号码。系统没有保存。请只发送说明中要求的部分。"
        ),
    },
    "not_an_iccid_prefix": {
        "en": "{name} must be the first four to seven digits of a SIM number (ICCID); these begin with 89.",
        "ja": "{name} は、89 で始まるSIM番号（ICCID）の最初の4〜7桁にしてください。",
        "zh-Hans": "{name} 应为SIM卡号（ICCID）的前四至七位，以 89 开头。",
    },
    "not_a_network_code": {
        "en": "{name} must be a network code (MCC-MNC) such as 440-10.",
        "ja": "{name} は 440-10 のようなネットワーク番号（MCC-MNC）にしてください。",
        "zh-Hans": "{name} 应为网络代码（MCC-MNC），例如 440-10。",
    },
    "not_a_host": {
        "en": "{name} must be a host name such as rsp.example.com, without a code.",
        "ja": "{name} は rsp.example.com のようなホスト名だけにしてください。",
        "zh-Hans": "{name} 应为主机名，例如 rsp.example.com，不含激活码。",
    },
    "looks_like_an_eid": {
        "en": "{name} looks like the EID of the phone. Look for the ICCID of the SIM instead.",
        "ja": "{name} は端末のEIDのようです。SIMのICCIDを確かめてください。",
        "zh-Hans": "{name} 看起来是手机的EID，请改看SIM卡的ICCID。",
    },
    "wrong_type": {
        "en": "{name} must be {type}.",
        "ja": "{name} は{type}にしてください。",
        "zh-Hans": "{name} 应为{type}。",
    },
    "invalid": {
        "en": "{name} is not valid.",
        "ja": "{name} が正しくありません。",
        "zh-Hans": "{name} 无效。",
    },
}
"""By code; a code with a suffix is the same mistake where other words fit better."""

TYPES: Final[Mapping[str, Words]] = {
    "boolean": {"en": "true or false", "ja": " true か false ", "zh-Hans": " true 或 false"},
    "integer": {"en": "a whole number", "ja": "整数", "zh-Hans": "整数"},
    "integer.range": {
        "en": "a whole number between {low} and {high}",
        "ja": " {low} から {high} までの整数",
        "zh-Hans": " {low} 到 {high} 之间的整数",
    },
    "number": {"en": "a number", "ja": "数値", "zh-Hans": "数字"},
    "string": {"en": "a text", "ja": "文字列", "zh-Hans": "文本"},
    "string.example": {
        "en": "a text such as {example}",
        "ja": " {example} のような文字列",
        "zh-Hans": "文本，例如 {example}",
    },
    "string.uuid": {"en": "a UUID", "ja": " UUID ", "zh-Hans": " UUID"},
    "array": {"en": "a list", "ja": "リスト", "zh-Hans": "列表"},
    "array.string": {"en": "a list of texts", "ja": "文字列のリスト", "zh-Hans": "文本列表"},
    "object": {"en": "a JSON object", "ja": " JSON オブジェクト", "zh-Hans": " JSON 对象"},
}
"""By the type of JSON Schema, and what is known beside it."""

THE_BODY: Final[Words] = {"en": "The body", "ja": "本文", "zh-Hans": "请求正文"}

SUGGESTION: Final[Words] = {
    "en": " Did you mean {close}?",
    "ja": " {close} のことですか。",
    "zh-Hans": "您是指 {close} 吗？",
}
