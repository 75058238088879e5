"""What the guide says around its answers: questions, labels of options, and what the answers are worth."""

from collections.abc import Mapping
from typing import Final

from app.i18n import Language

Text = Mapping[str, str]


WHY: Final[Mapping[str, Text]] = {
    "found": {
        "en": "What fits best what you told stands first.",
        "ja": "お聞きした内容に最も合う方法が先頭です。",
        "zh-Hans": "最符合您所述情况的方式排在最前。",
    },
    "open": {
        "en": "More than one way can fit. The answer to the question tells which.",
        "ja": "合う方法が複数あります。質問への答えで決まります。",
        "zh-Hans": "可能有多种方式适用，回答问题后即可确定。",
    },
    "choose": {
        "en": "These are the ways there are; nothing you told, or could tell, makes one of them the better.",
        "ja": "使える方法はこのとおりです。これ以上お聞きしても、どれが最適かは決まりません。",
        "zh-Hans": "可用的方式如下；已知情况不足以判断哪种更好。",
    },
    "no_such_goal": {
        "en": "No way of this company that fits what you told leads to what you want. These are the ways it has.",
        "ja": "お聞きした内容に合うこの会社の手続きに、ご希望の目的のものはありません。ほかの手続きは次のとおりです。",
        "zh-Hans": "这家公司没有既符合您的情况又能达到该目的的方式，现有方式如下。",
    },
    "nothing": {
        "en": "None of this company's ways fits what you told. What holds for any company is listed instead.",
        "ja": "この会社の手続きに、お聞きした内容に合うものはありません。会社を問わない案内を示します。",
        "zh-Hans": "这家公司没有符合您所述情况的方式，以下为适用于任何公司的说明。",
    },
    "nothing_at_all": {
        "en": "No way that is known fits what you told. Ask the company; its contacts are linked.",
        "ja": "お聞きした内容に合う手続きは、わかっていません。連絡先から会社に問い合わせてください。",
        "zh-Hans": "没有已知的方式符合您所述的情况。请通过所列的联系方式询问该公司。",
    },
    "unheard_of": {
        "en": "Nothing that holds for any company fits what you told. Find out first which company it is.",
        "ja": "会社を問わない案内に、お聞きした内容に合うものはありません。まず、どの会社のものかを確かめてください。",
        "zh-Hans": "适用于任何公司的说明中没有符合您情况的，请先弄清是哪家公司。",
    },
    "blocked_at_all": {
        "en": "Something stands in the way of each. Ask the company; its contacts are linked.",
        "ja": "どの方法にも妨げがあります。連絡先から会社に問い合わせてください。",
        "zh-Hans": "每种方式都有障碍。请通过所列的联系方式询问该公司。",
    },
    "blocked": {
        "en": "Something stands in the way of each. What holds for any company is listed too; the company's contacts can help.",
        "ja": "どの方法にも妨げがあります。会社を問わない案内も示します。会社の問い合わせ先にも相談できます。",
        "zh-Hans": "每种方式都有障碍。另列出适用于任何公司的说明；也可联系该公司。",
    },
    "which": {
        "en": "The company is not told yet. Until then, this holds for any.",
        "ja": "会社がまだわかりません。それまでは、会社を問わない案内を参考にしてください。",
        "zh-Hans": "尚不知道是哪家公司。在此之前，可参考适用于任何公司的说明。",
    },
}


YES_NO: Final[Mapping[str, Text]] = {
    "true": {"en": "Yes", "ja": "はい", "zh-Hans": "是"},
    "false": {"en": "No", "ja": "いいえ", "zh-Hans": "否"},
}


UNKNOWN: Final[Text] = {"en": "I do not know", "ja": "わからない", "zh-Hans": "不知道"}


LOCATIONS: Final[Mapping[str, Text]] = {
    "japan": {"en": "In Japan", "ja": "日本国内", "zh-Hans": "在日本"},
    "abroad": {"en": "Outside Japan", "ja": "日本国外", "zh-Hans": "在日本境外"},
}


CARRIER_QUESTION: Final[Mapping[Language, tuple[str, str]]] = {
    "en": (
        "Which company is it?",
        "Every company has its own way. GET /v1/carriers?q= finds it by name, POST /v1/identify by clues on the phone.",
    ),
    "ja": (
        "どの会社のものですか。",
        "手続きは会社ごとに違います。名前からは GET /v1/carriers?q=、端末の手がかりからは POST /v1/identify で探せます。",
    ),
    "zh-Hans": (
        "是哪家公司的？",
        "每家公司的办理方式不同。可用 GET /v1/carriers?q= 按名称查找，或用 POST /v1/identify 按手机上的线索查找。",
    ),
}


QUESTIONS: Final[Mapping[str, Mapping[Language, tuple[str, str]]]] = {
    "product": {
        "en": ("What did you buy?", "The ways differ by product."),
        "ja": ("購入したものは何ですか。", "商品によって手続きが違います。"),
        "zh-Hans": ("您购买的是什么？", "不同产品的办理方式不同。"),
    },
    "contract": {
        "en": (
            "How is it paid?",
            "What was paid in advance ends differently from what is billed every month.",
        ),
        "ja": ("支払い方法はどれですか。", "前払いと月ごとの請求とでは、終わり方が違います。"),
        "zh-Hans": ("付费方式是什么？", "预付与按月扣费的终止方式不同。"),
    },
    "plan": {
        "en": ("Which plan is it?", "The ways differ by plan."),
        "ja": ("どのプランですか。", "プランによって手続きが違います。"),
        "zh-Hans": ("是哪个套餐？", "不同套餐的办理方式不同。"),
    },
    "applicant": {
        "en": ("Who asks for it?", "What the holder cannot do, somebody else may be able to."),
        "ja": ("申し込むのは誰ですか。", "本人にできなくても、ほかの人ならできることがあります。"),
        "zh-Hans": ("由谁来办理？", "本人无法办理时，或可由他人办理。"),
    },
    "location": {
        "en": ("Where are you?", "Some of it can only be done in Japan."),
        "ja": ("今どこにいますか。", "日本国内でしかできない手続きがあります。"),
        "zh-Hans": ("您现在在哪里？", "部分手续只能在日本办理。"),
    },
    "keep_number": {
        "en": (
            "Do you want to keep the phone number?",
            "Cancelling loses it, porting out keeps it; only one of them can be done.",
        ),
        "ja": (
            "電話番号を残しますか。",
            "解約すると番号はなくなり、MNP転出なら残ります。できるのはどちらか一方です。",
        ),
        "zh-Hans": ("要保留电话号码吗？", "解约会失去号码，转出则保留；两者只能选其一。"),
    },
}


TIME_LIMIT: Final[Text] = {
    "en": "It tells whether something with a time limit is still in time.",
    "ja": "期限のある手続きに間に合うかどうかがわかります。",
    "zh-Hans": "由此可知有期限的手续是否还来得及。",
}


AT_HAND: Final[Text] = {
    "en": "Do you have this: {need}?",
    "ja": "手元にありますか：{need}",
    "zh-Hans": "您有这个吗：{need}？",
}


NOT_ALWAYS: Final[Text] = {
    "en": "Some of the ways need it, others do not.",
    "ja": "必要な手続きと、なくてもできる手続きがあります。",
    "zh-Hans": "有的方式需要它，有的不需要。",
}
