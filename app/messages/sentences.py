"""The sentences that explain events, in every language. Braces are filled by `app.messages.formatter`."""

from collections.abc import Mapping
from typing import Final

from app.facts.specs import Fact
from app.problems.base import Words


def _in(en: str, ja: str, zh: str) -> Words:
    return {"en": en, "ja": ja, "zh-Hans": zh}


CLOSING_EVENTS: Final[Mapping[Fact, Words]] = {
    Fact.INSTALLED: _in("the eSIM is installed", "eSIMがインストールされる", "eSIM完成安装"),
    Fact.ACTIVATED: _in("it is activated", "有効化される", "完成激活"),
    Fact.QR_SENT: _in("the QR code is sent", "QRコードが送られる", "二维码发出"),
    Fact.SHIPPED: _in("it is shipped", "発送される", "发货"),
    Fact.USED: _in("any of it is used", "少しでも使われる", "开始使用"),
}
"""Events that close a window, after "as soon as"."""

SENTENCES: Final[Mapping[str, Words]] = {
    # By when to apply
    "apply_by.period": _in(
        "Apply by {deadline}; after that you also pay for {period}.",
        "{deadline}までに申し込んでください。過ぎると{period}の分も請求されます。",
        "请在{deadline}前申请，逾期还要支付{period}的费用。",
    ),
    "apply_by.runs_on": _in(
        "Apply by {deadline}; after that the contract runs until {then} and is charged until then.",
        "{deadline}までに申し込んでください。過ぎると契約は{then}まで続き、料金もそこまでかかります。",
        "请在{deadline}前申请，逾期合约将持续到{then}，费用也计到那天。",
    ),
    "apply_by.daily": _in(
        "Charged by the day: applied for by {deadline}, you pay until {end}; each later day is charged too.",
        "日割りです。{deadline}までに申し込めば{end}までの分で済み、遅れた日数分だけ増えます。",
        "按天计费：在{deadline}前申请，费用计到{end}；每晚一天就多付一天。",
    ),
    "apply_by.move": _in(
        "The number must have moved by {deadline}; after that you also pay the old carrier for {period}.",
        "{deadline}までに番号の移転が終わっている必要があります。過ぎると元の会社の{period}の分も請求されます。",
        "号码须在{deadline}前转出完毕，逾期还要向原运营商支付{period}的费用。",
    ),
    "apply_by.chosen": _in(
        "Apply by {deadline} for it to end on {end}, the day you chose.",
        "希望日の{end}に解約するには、{deadline}までに申し込んでください。",
        "若要在您选的{end}结束，请在{deadline}前申请。",
    ),
    "apply_by.stop_renewal": _in(
        "Stop it by {deadline}; otherwise it is paid for again on {day}.",
        "{deadline}までに止めてください。止めないと{day}に次の分が請求されます。",
        "请在{deadline}前停止，否则{day}会再次扣费。",
    ),
    "tier.free": _in(
        "Cancelled by {deadline}, it costs nothing.",
        "{deadline}までの取り消しは無料です。",
        "在{deadline}前取消不收费。",
    ),
    "tier.percent": _in(
        "Cancelled by {deadline}, it costs {percent} % of the price.",
        "{deadline}までの取り消しは、料金の{percent}%がかかります。",
        "在{deadline}前取消，收取价款的{percent}%。",
    ),
    "tier.amount": _in(
        "Cancelled by {deadline}, it costs {yen} yen.",
        "{deadline}までの取り消しは、{yen}円がかかります。",
        "在{deadline}前取消，收取{yen}日元。",
    ),
    "tier.unknown": _in(
        "Until {deadline} another charge applies than later; how much is not known.",
        "{deadline}を境に取消料が変わります。金額はわかりません。",
        "以{deadline}为界，取消费用不同；金额不明。",
    ),
    # When it is handled and takes effect
    "processed.at_once": _in(
        "A request made at {request} counts at once.",
        "{request}の申し込みは、その時点で受け付けられます。",
        "{request}提出的申请即时生效受理。",
    ),
    "processed.later": _in(
        "A request made at {request} counts from {instant}.",
        "{request}の申し込みは、{instant}の受け付けになります。",
        "{request}提出的申请从{instant}起算。",
    ),
    "processed.not_taken": _in(
        "At {request} nothing is taken; it counts from {instant} at the earliest.",
        "{request}は受付時間外です。受け付けは早くても{instant}です。",
        "{request}不受理，最早从{instant}起算。",
    ),
    "takes_effect.instant": _in(
        "Applied for at {request}, it ends at {instant}.",
        "{request}に申し込むと、{instant}に解約になります。",
        "在{request}申请，将于{instant}结束。",
    ),
    "takes_effect.day": _in(
        "Applied for at {request}, it ends at the end of {day}.",
        "{request}に申し込むと、{day}いっぱいで解約になります。",
        "在{request}申请，到{day}结束时终止。",
    ),
    "takes_effect.chosen": _in(
        "It ends on {day}, the day you chose.",
        "希望した{day}に解約になります。",
        "将在您选的{day}结束。",
    ),
    "takes_effect.too_early": _in(
        "The day you chose is too near: applied for at {request}, it ends on {day}.",
        "希望日には間に合いません。{request}に申し込むと、{day}に解約になります。",
        "您选的日期太近：在{request}申请，将于{day}结束。",
    ),
    "takes_effect.choose": _in(
        "You choose the day; the earliest is {day}.",
        "解約日は選べます。早くて{day}です。",
        "结束日期由您选择，最早为{day}。",
    ),
    "takes_effect.choose_freely": _in(
        "You choose the day; how long before it you must ask is not known.",
        "解約日は選べます。何日前までに申し込むかはわかりません。",
        "结束日期由您选择；需提前多久申请不明。",
    ),
    "takes_effect.minimum": _in(
        "It ends later if a minimum term is still running.",
        "最低利用期間が残っているときは、それより後になります。",
        "如果最短使用期限尚未届满，则会更晚。",
    ),
    # Money
    "charged_until.full": _in(
        "The last period is charged in full: you then pay until {day}.",
        "最後の期間は満額です。{day}までの料金がかかります。",
        "最后一期收取全额：费用计到{day}。",
    ),
    "charged_until.prorated": _in(
        "Charged by the day: you then pay until {day}.",
        "日割りで、{day}までの料金がかかります。",
        "按天计费，计到{day}。",
    ),
    "charged_until.by_usage": _in(
        "Charged for what is used until {day}.",
        "{day}までに使った分がかかります。",
        "按截至{day}的实际用量计费。",
    ),
    "charged_until.prepaid": _in(
        "Paid in advance until {day}.", "{day}までの分は前払いです。", "已预付至{day}。"
    ),
    "charged_until.unknown": _in(
        "The contract is charged until {day}; whether the last month is charged by the day is not known.",
        "契約は{day}まで続きます。最終月が日割りかどうかはわかりません。",
        "合约计费至{day}；最后一个月是否按天计费不明。",
    ),
    "final_bill": _in(
        "The last bill comes in {month}.", "最後の請求は{month}です。", "最后一张账单在{month}。"
    ),
    "late_charges_until": _in(
        "Charges from before the end can still follow until the end of {month}: keep a way to pay open.",
        "解約前の利用分が{month}末まで請求されることがあります。支払い方法を残しておいてください。",
        "解约前的费用可能到{month}底前才扣：请保留付款方式。",
    ),
    "fee_free.fee": _in(
        "From {day} on this no longer applies: {fee}.",
        "{day}以降はかかりません：{fee}",
        "自{day}起不再收取：{fee}。",
    ),
    "fee_free.months": _in(
        "In {period} ending it costs no early fee.",
        "{period}の解約には契約解除料がかかりません。",
        "在{period}解约不收违约金。",
    ),
    "refund_expected.latest": _in(
        "The money should be back by {day}.",
        "返金は{day}ごろまでの見込みです。",
        "退款预计最晚{day}到账。",
    ),
    "refund_expected.between": _in(
        "The money should be back between {begins} and {day}.",
        "返金は{begins}から{day}ごろの見込みです。",
        "退款预计在{begins}至{day}之间到账。",
    ),
    # Rights that close
    "window.window.request": _in(
        "This can be done until {deadline}.",
        "この手続きは{deadline}までできます。",
        "此手续可办至{deadline}。",
    ),
    "window.window.dispatch": _in(
        "It must be sent by {deadline}; the day of sending counts.",
        "{deadline}までに発送してください（発送日で判断されます）。",
        "须在{deadline}前寄出（以寄出日为准）。",
    ),
    "window.window.arrival": _in(
        "It must have arrived by {deadline}.",
        "{deadline}までに届いている必要があります（必着）。",
        "须在{deadline}前送达。",
    ),
    "window.refund.request": _in(
        "Ask for the money back by {deadline}.",
        "返金の申請は{deadline}までです。",
        "请在{deadline}前申请退款。",
    ),
    "window.refund.dispatch": _in(
        "For the money back it must be sent by {deadline}; the day of sending counts.",
        "返金には{deadline}までの発送が必要です（発送日で判断されます）。",
        "要退款，须在{deadline}前寄出（以寄出日为准）。",
    ),
    "window.refund.arrival": _in(
        "For the money back it must have arrived by {deadline}.",
        "返金には{deadline}までの到着が必要です（必着）。",
        "要退款，须在{deadline}前送达。",
    ),
    "window.extension": _in(
        "Ask for more time by {deadline}.",
        "延長の申請は{deadline}までです。",
        "如需续租，请在{deadline}前申请。",
    ),
    "window.start": _in(
        "Start using it by {deadline}; otherwise it lapses.",
        "{deadline}までに利用を始めないと失効します。",
        "请在{deadline}前启用，否则失效。",
    ),
    "window.withdrawal": _in(
        "The request can be taken back until {deadline}.",
        "申し込みは{deadline}まで取り下げられます。",
        "申请可在{deadline}前撤回。",
    ),
    "window.happened": _in(
        "No longer possible: it closes as soon as {closing_events}.",
        "もうできません。{closing_events}と締め切られます。",
        "已无法办理：{closing_events}后即截止。",
    ),
    "window.sooner": _in(
        "It closes sooner, as soon as {closing_events}.",
        "{closing_events}と、その時点で締め切られます。",
        "如果{closing_events}，则立即截止。",
    ),
    "window.at_the_earliest": _in(
        "It may be later, depending on: {facts}.",
        "次によっては、これより後になります：{facts}",
        "视以下情况可能更晚：{facts}。",
    ),
    "window.data_limit": _in(
        "Only while no more than {megabytes} MB have been used.",
        "使用量が{megabytes}MB以内の場合に限ります。",
        "仅限使用量不超过{megabytes}MB时。",
    ),
    "window.until_window": _in(
        "Possible until {closing_events}.",
        "{closing_events}までできます。",
        "在{closing_events}之前可以办理。",
    ),
    "window.until_refund": _in(
        "Money back is possible until {closing_events}.",
        "返金は、{closing_events}まで申請できます。",
        "在{closing_events}之前可以申请退款。",
    ),
    "window.until_extension": _in(
        "More time can be asked for until {closing_events}.",
        "延長は、{closing_events}まで申請できます。",
        "在{closing_events}之前可以续租。",
    ),
    "window.until_start": _in(
        "It can be started until {closing_events}.",
        "{closing_events}まで利用を始められます。",
        "在{closing_events}之前可以启用。",
    ),
    "window.until_withdrawal": _in(
        "The request can be taken back until {closing_events}.",
        "申し込みは、{closing_events}まで取り下げられます。",
        "在{closing_events}之前可以撤回申请。",
    ),
    # What happens by itself
    "suspended.day": _in(
        "Without a further step the service is suspended after {deadline}.",
        "何もしないと、{deadline}のあと利用が停止されます。",
        "如不操作，{deadline}之后将暂停服务。",
    ),
    "expires.day": _in(
        "It ends by itself after {deadline}; nothing has to be cancelled.",
        "{deadline}で自動的に終わります。解約の手続きは要りません。",
        "到{deadline}自动结束，无需办理解约。",
    ),
    "expires.rolling": _in(
        "It ends by itself on {day}, at the hour at which it was activated.",
        "{day}の、有効化した時刻に自動的に終わります。",
        "将在{day}、激活时的同一时刻自动结束。",
    ),
    "unpaid.suspension": _in(
        "If the bill is still unpaid on {day}, the service is suspended.",
        "{day}になっても未払いの場合、利用が停止されます。",
        "如果到{day}仍未付款，服务将被暂停。",
    ),
    "unpaid.end": _in(
        "If the bill is still unpaid on {day}, the contract is ended by the company; what is owed stays due.",
        "{day}になっても未払いの場合、会社が契約を終了します。未払い分は残ります。",
        "如果到{day}仍未付款，公司将解约；欠款仍需支付。",
    ),
    "renews.day": _in(
        "Unless it is stopped it is paid for again on {day}.",
        "止めなければ、{day}に次の分が請求されます。",
        "如不停止，{day}会再次扣费。",
    ),
    "renews.too_late": _in(
        "The payment on {day} can no longer be stopped.",
        "{day}の請求はもう止められません。",
        "{day}的扣费已无法停止。",
    ),
    "renews.data_used_up": _in(
        "It is paid for again when the data is nearly used up, so no date can be given.",
        "データを使い切る頃に次の分が請求されるため、日付は決まりません。",
        "流量将用完时会再次扣费，因此没有固定日期。",
    ),
    # What has to come back
    "return_by.dispatch": _in(
        "Send it back by {deadline}; the day of sending counts.",
        "{deadline}までに返送してください（発送日で判断されます）。",
        "请在{deadline}前寄回（以寄出日为准）。",
    ),
    "return_by.arrival": _in(
        "It must be back with the company by {deadline}.",
        "{deadline}までに会社に届く必要があります（必着）。",
        "须在{deadline}前送达公司。",
    ),
    "return_by.hand_over": _in(
        "Hand it in by {deadline}.", "{deadline}までに返却してください。", "请在{deadline}前交还。"
    ),
    "counted_as_lost": _in(
        "Not back by {deadline}, it is treated as lost and charged.",
        "{deadline}までに戻らないと、紛失として請求されます。",
        "若{deadline}前仍未归还，将按丢失收费。",
    ),
    # Numbers and accounts
    "porting_number_expires": _in(
        "The porting number can be used until {deadline}; after that a new one is needed.",
        "MNP予約番号は{deadline}まで有効です。過ぎたら取り直してください。",
        "MNP预约号码在{deadline}前有效，过期需重新获取。",
    ),
    "porting_number_use_by": _in(
        "Apply at the new carrier by {deadline}: some want {days} days to be left.",
        "新しい会社へは{deadline}までに申し込むと安心です（残り{days}日以上を求める会社があります）。",
        "请在{deadline}前向新运营商申请：有的公司要求至少剩余{days}天。",
    ),
    "account_page_closes": _in(
        "The member page stays open until {deadline}: save your bills before.",
        "会員ページは{deadline}まで見られます。明細はそれまでに保存してください。",
        "会员页面开放至{deadline}，请在此之前保存账单。",
    ),
    # What is not known
    "facts_missing": _in(
        "This date follows from what only you know: {facts}.",
        "この日付を出すには次が必要です：{facts}",
        "要算出该日期，还需要：{facts}。",
    ),
    "not_stated.apply_by": _in(
        "No source says by when to apply so as not to be charged again. Ask before the last days of your billing month.",
        "次の請求を避けるための期限は、情報源にありません。請求月の終わりより前に確認してください。",
        "没有信息来源说明最晚何时申请才不会再扣费。请在计费月结束之前向公司确认。",
    ),
    "not_stated.takes_effect": _in(
        "No source says when it ends.",
        "いつ解約になるかは、情報源にありません。",
        "没有信息来源说明何时结束。",
    ),
    "not_stated.window_closes": _in(
        "No source says until when.", "期限は、情報源にありません。", "没有信息来源说明期限。"
    ),
    "not_stated.refund_closes": _in(
        "No source says until when money back can be asked for.",
        "返金申請の期限は、情報源にありません。",
        "没有信息来源说明申请退款的期限。",
    ),
    "not_stated.expires": _in(
        "No source says when it ends by itself.",
        "いつ自動で終わるかは、情報源にありません。",
        "没有信息来源说明何时自动结束。",
    ),
    "not_stated.renews": _in(
        "No source says when it is paid for again.",
        "次の請求がいつかは、情報源にありません。",
        "没有信息来源说明何时再次扣费。",
    ),
    "not_stated.return_by": _in(
        "No source says by when it must be back.",
        "返却の期限は、情報源にありません。",
        "没有信息来源说明归还期限。",
    ),
    "not_stated.porting_number_expires": _in(
        "No source of this company says how long a porting number lasts.",
        "MNP予約番号の有効期限は、この会社の情報源にありません。",
        "没有该公司的信息来源说明MNP预约号码的有效期。",
    ),
    "not_stated.lead": _in(
        "You choose the day, but no source says how long before it you must ask.",
        "解約日は選べますが、何日前までに申し込むかは情報源にありません。",
        "结束日期可选，但没有信息来源说明需提前多久申请。",
    ),
    "not_stated.by_usage": _in(
        "Charged by use, not by the day; no source says at which instant the next month begins to count.",
        "使った分の料金です。翌月分がかかり始める時刻は、情報源にありません。",
        "按用量计费；没有信息来源说明下个月从何时开始计费。",
    ),
    "not_stated.unknown": _in(
        "No source says how the last month is charged, so what waiting costs is not known.",
        "最終月の料金のかかり方は、情報源にありません。",
        "没有信息来源说明最后一个月如何计费，因此无法知道拖延的费用。",
    ),
    "not_stated.prepaid": _in(
        "It is paid in advance; nothing is charged again.",
        "前払いで、追加の請求はありません。",
        "已预付，不会再扣费。",
    ),
    "not_stated.cycle": _in(
        "The last period is charged in full, but no source says when your billing month begins.",
        "最後の期間は満額ですが、請求月の区切りは情報源にありません。",
        "最后一期收取全额，但没有信息来源说明计费月从哪天开始。",
    ),
    "not_stated.device_returned": _in(
        "It ends with the return of the device, so no date can be given.",
        "機器の返却によって解約になるため、日付は決まりません。",
        "以归还设备为结束，因此没有固定日期。",
    ),
    "not_stated.number_moved": _in(
        "It ends by itself when the new line is opened.",
        "新しい回線が開通したときに、自動で解約になります。",
        "新线路开通时自动结束。",
    ),
    "not_stated.contract_end": _in(
        "It is counted from the end of the contract, and no source says when that is.",
        "解約日から数えますが、解約日が情報源にありません。",
        "从合约结束日起算，但没有信息来源说明结束日。",
    ),
    "not_stated.expiry": _in(
        "It is counted from the day the service expires, and no source says when that is.",
        "有効期限から数えますが、期限が情報源にありません。",
        "从到期日起算，但没有信息来源说明到期日。",
    ),
    # How a way out fits
    "guide.port_out": _in(
        "It moves the number and ends the line by itself. Do not cancel the line as well: that would lose the number.",
        "番号を移すと、この回線は自動で解約になります。別に解約すると番号がなくなるので、解約はしないでください。",
        "转出号码后，这条线路会自动终止。请勿另行解约，否则号码会丢失。",
    ),
    "guide.cancel_booking": _in(
        "The rental has not begun: withdrawing the booking is what ends it.",
        "レンタルはまだ始まっていないので、予約の取り消しで済みます。",
        "租赁尚未开始，取消预订即可。",
    ),
    "guide.initial_contract_cancellation": _in(
        "The time in which the contract can be withdrawn is still running.",
        "契約を取り消せる期間内です。",
        "仍在可以撤销合约的期限内。",
    ),
    "guide.let_expire": _in(
        "There is nothing to cancel: it ends by itself, and is not charged again unless a renewal is switched on.",
        "解約の手続きはありません。期限が来れば終わり、自動更新がオンでないかぎり追加の請求もありません。",
        "无需解约：到期自动终止；只要没有开启自动续费，就不会再扣费。",
    ),
    "guide.lapses": _in(
        "Nobody has to be told: the contract ends by itself, under the conditions that the steps name.",
        "申し出る必要はありません。手順にある条件のもとで、契約は自動的に終わります。",
        "无需提出申请：满足步骤中所述条件时，合约会自动终止。",
    ),
    "guide.conditional": _in(
        "It is only for who has the grounds that its steps name; read them first.",
        "手順に書かれた条件に当てはまる人だけの方法です。先に条件を確かめてください。",
        "仅限符合步骤中所列条件的人，请先查看条件。",
    ),
    "guide.how_unknown": _in(
        "No source says how it is asked for; ask the company.",
        "どのように申し込むかは、情報源にありません。会社に問い合わせてください。",
        "没有信息来源说明如何申请，请询问该公司。",
    ),
    "guide.right_unknown": _in(
        "No source says how long it can be asked for; ask soon.",
        "いつまで申請できるかは、情報源にありません。早めに申請してください。",
        "没有信息来源说明申请期限，请尽早申请。",
    ),
    "guide.by_not_paying": _in(
        "It is to stop paying what is due; ask the company for a regular end first.",
        "支払うべき料金を支払わない方法です。先に、通常の解約を会社に求めてください。",
        "这是停止支付应付费用的方式，请先向公司要求正常解约。",
    ),
    "guide.stop_renewal": _in(
        "It is paid for again and again until the renewal is stopped; then it runs out.",
        "自動更新を止めるまで請求が続きます。止めれば期間の終わりで終了します。",
        "不停止自动续费就会一直扣费；停止后到期终止。",
    ),
    "guide.cancel_contract": _in(
        "It ends the contract, and with it the charges.",
        "契約が終わり、料金もかからなくなります。",
        "合约由此终止，不再产生费用。",
    ),
    "guide.close_account": _in(
        "It closes the account.", "アカウントを閉じる手続きです。", "用于注销账户。"
    ),
    "guide.request_refund": _in(
        "The time in which money can be asked back is still running.",
        "返金を求められる期間内です。",
        "仍在可以申请退款的期限内。",
    ),
    "guide.return_rental": _in(
        "What was rented has to go back, however it ends.",
        "どの終わり方でも、借りた機器の返却が必要です。",
        "无论以何种方式结束，租借的设备都要归还。",
    ),
    "guide.suspend": _in(
        "It pauses the line; the contract goes on.",
        "回線を休止する手続きで、契約は続きます。",
        "用于暂停线路，合约仍然有效。",
    ),
    "guide.remove_profile": _in(
        "It takes the eSIM off the phone; that alone ends no contract.",
        "端末からeSIMを削除する手順です。それだけでは契約は終わりません。",
        "用于从手机删除eSIM，仅删除并不会解约。",
    ),
    "guide.unverified": _in(
        "No page of the company confirms it; only others describe it.",
        "会社の公式な説明では確認できず、第三者の情報だけに基づきます。",
        "未见公司官方说明，仅有第三方信息。",
    ),
    "guide.steps_from_others": _in(
        "Only others describe its steps, not the company: what its page shows you decides.",
        "手順を説明しているのは会社以外のページだけです。実際の画面の表示に従ってください。",
        "具体步骤只有第三方介绍，并非来自该公司，请以公司页面的实际显示为准。",
    ),
    "guide.outcome_unknown": _in(
        "No source says what comes of it. Ask the company before you rely on it.",
        "この手続きでどうなるかは、情報源にありません。頼る前に会社に確かめてください。",
        "信息来源没有说明办理后的结果，请先向运营商核实。",
    ),
    "guide.other_product": _in(
        "It is for another kind of product.",
        "別の種類の商品の手続きです。",
        "适用于其他类型的产品。",
    ),
    "guide.other_contract": _in(
        "It is for another kind of contract.",
        "別の種類の契約の手続きです。",
        "适用于其他类型的合约。",
    ),
    "guide.other_plan": _in(
        "It is for another plan.", "別のプランの手続きです。", "适用于其他套餐。"
    ),
    "guide.other_applicant": _in(
        "It is for someone else to ask.", "申し込む人が違います。", "申请人不符。"
    ),
    "guide.other_goal": _in(
        "It leads to something other than what you want.",
        "ご希望とは別の目的の手続きです。",
        "目的与您想办理的不同。",
    ),
    "guide.for_holder": _in(
        "Only the contract holder can do it.", "契約者本人の手続きです。", "须由签约人本人办理。"
    ),
    "guide.for_proxy": _in(
        "It is for someone who acts for the holder.",
        "代理人が申し込む場合の手続きです。",
        "由代理人办理时适用。",
    ),
    "guide.for_heir": _in(
        "It is for the family of a holder who has died.",
        "契約者が亡くなった場合に家族が行う手続きです。",
        "合约人去世时由家属办理。",
    ),
    "guide.loses_number": _in(
        "It would lose the number that you want to keep.",
        "残したい電話番号がなくなります。",
        "会失去您想保留的号码。",
    ),
    "guide.can_lose_number": _in(
        "It can lose the number that you want to keep.",
        "残したい電話番号がなくなることがあります。",
        "可能会失去您想保留的号码。",
    ),
    "guide.number_not_kept": _in(
        "It is only for keeping the number.", "電話番号を残すための手続きです。", "只用于保留号码。"
    ),
    "guide.not_from_abroad": _in(
        "It cannot be done from outside Japan.",
        "日本国外からはできません。",
        "无法在日本境外办理。",
    ),
    "guide.lacks": _in(
        "What you do not have is needed: {needs}.",
        "手元にないものが必要です：{needs}。",
        "需要您没有的东西：{needs}。",
    ),
    "guide.too_late": _in("Its time is over.", "期限を過ぎています。", "已过期限。"),
    "guide.right_depends": _in(
        "Whether its time still runs depends on dates that are not told.",
        "まだ間に合うかどうかは、まだわからない日付によります。",
        "是否仍在期限内，取决于尚未告知的日期。",
    ),
    "guide.product_decides": _in(
        "It depends on what you bought.", "購入した商品によります。", "取决于您购买的产品。"
    ),
    "guide.contract_decides": _in(
        "It depends on how it is paid.", "支払い方法によります。", "取决于付费方式。"
    ),
    "guide.plan_decides": _in("It depends on the plan.", "プランによります。", "取决于套餐。"),
    "guide.number_decides": _in(
        "Whether you want to keep the number decides: take only one of porting out and cancelling.",
        "電話番号を残すかどうかで決まります。番号の移転と解約は、どちらか一方だけにしてください。",
        "取决于是否保留号码：转出号码与解约只能选其一。",
    ),
    "guide.abroad_unknown": _in(
        "No source says whether it can be done from outside Japan.",
        "日本国外からできるかどうかは、情報源にありません。",
        "没有信息来源说明能否在日本境外办理。",
    ),
    "guide.also_possible": _in("It can be done too.", "この方法も使えます。", "也可以采用。"),
    # What waiting costs
    "waiting.amount": _in(
        "Being late costs {amount} yen more.",
        "遅れると{amount}円余分にかかります。",
        "逾期要多付{amount}日元。",
    ),
    "waiting.percent": _in(
        "Being late costs {percent} % of the price.",
        "遅れると料金の{percent}%がかかります。",
        "逾期要付价款的{percent}%。",
    ),
    "waiting.unknown": _in(
        "How much being late costs is not known.",
        "遅れた場合の金額はわかりません。",
        "逾期的费用不明。",
    ),
}
"""One sentence a key."""
