"""Words of closed lists: what is written → the canonical word of the code."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from commandpost.contract.reading import Bad, Context, Read, Reader
from commandpost.contract.values.text import cell, fold, simplified
from commandpost.words import message

Table = Mapping[Any, tuple[str, ...]]
"""Canonical value → how people write it, the first being what a hint shows."""


@cache
def plain(text: str) -> str:
    """How words are compared: folded, lower case, without spaces and sentence marks."""
    return re.sub(r"[\s,。;;!！、]+|\.$", "", simplified(fold(text).lower()))


_LETTERED = re.compile(r"\s*[A-HＡ-Ｈ][.．、:：]\s*(?=\S)")
"""A.是: the answers of a form, as its export writes them."""


def one_of(words: Table, *, unknown_ok: bool = False) -> Reader:
    """One of `words`. Any other: Bad `value` naming them, or with `unknown_ok` the text as written."""
    known = {plain(alias): value for value, aliases in words.items() for alias in aliases}
    known |= {plain(value): value for value in words if isinstance(value, str)}
    hint = message("Write one of: {words}", words=" / ".join(aliases[0] for aliases in words.values()))

    def read(said: str) -> Any:
        value = known.get(plain(said[:200]))
        if value is None and (lettered := _LETTERED.match(said)):
            value = known.get(plain(said[lettered.end() : 200]))
        if value is None and not unknown_ok:
            return Bad("value", message("Not one of the words of this column."), hint)
        return said if value is None else value

    def reader(context: Context) -> Read:
        unknown = cell(context, read)

        def read_word(text: str) -> Any:
            value = known.get(text)
            return unknown(text) if value is None else value

        return read_word

    return reader


DIRECTIONS: Table = {
    "IN": ("进", "入", "进入", "进门", "入内", "进校", "入校", "进园", "入园", "进小区", "进区", "驶入", "进场",
           "入场", "进去", "进来", "入来", "返回", "回", "返校", "in", "entry", "enter", "inbound", "→", "i", "进入登记", "进出-进",
           "进村", "进厂", "进社区", "进院", "进楼", "进单位", "入村", "入厂", "入院", "回家", "回村", "回校"),
    "OUT": ("出", "离开", "外出", "出门", "出去", "出来", "离", "出校", "离校", "出园", "离园", "出小区", "驶出", "出场",
            "离场", "out", "exit", "leave", "outbound", "←", "o", "外出登记", "离去",
            "出村", "出厂", "出社区", "出院", "出楼", "出单位", "离村", "离厂", "离开小区"),
}  # fmt: skip

VERDICTS: Table = {
    "ADMITTED": ("放行", "通过", "正常", "√", "✓", "✔", "准入", "允许", "允许进入", "同意", "已放行", "准予放行",
                 "合格", "正常放行", "登记放行", "可以通行", "通行", "ok", "pass", "passed", "admitted", "admit",
                 "allowed", "y", "1", "是", "已核验", "核验通过", "正常通行", "同意进入", "准许", "准许进入",
                 "测温放行", "测温后放行", "登记后放行"),
    "REFUSED": ("拒入", "不予放行", "拒绝", "拒绝进入", "禁止进入", "禁入", "不准入", "未放行", "不放行", "不通过",
                "未通过", "拒绝入内", "不予进入", "×", "✗", "✘", "x", "n", "0", "否", "refused", "refuse",
                "denied", "rejected", "不允许", "阻止", "禁止入内", "禁止通行", "不准进入", "不允许进入", "不同意", "暂不放行"),
    "TURNED_BACK": ("劝返", "劝离", "已劝返", "劝回", "劝退", "劝返回家", "返回原地", "turned back", "turned_back", "turnedback"),
    "HELD": ("留观", "滞留", "隔离观察", "临时留观", "留置", "临时隔离", "送留观点", "转留观", "留验", "held",
             "hold", "observed", "发热留观"),
}  # fmt: skip

MODES: Table = {
    "CENTRAL": ("集中隔离", "集中", "集隔", "集中医学观察", "集中隔离医学观察", "集中观察", "隔离点", "酒店隔离",
                "集中隔离点", "定点隔离", "宾馆隔离", "集中管控", "central", "centralised", "centralized", "hotel", "central isolation",
                "central quarantine", "centralised isolation", "centralized isolation", "centralised quarantine",
                "centralized quarantine", "hotel quarantine", "hotel isolation", "facility", "facility quarantine"),
    "HOME": ("居家隔离", "居家", "居隔", "居家观察", "居家医学观察", "居家隔离医学观察", "家庭隔离", "在家隔离",
             "自我隔离", "自行隔离", "居家管控", "宿舍隔离", "home", "home isolation", "home quarantine", "居家隔离观察",
             "self-isolation", "self isolation", "self-quarantine", "self quarantine", "at home", "isolation at home",
             "quarantine at home", "home-isolation", "home-quarantine"),
    "MONITORING": ("居家健康监测", "居家监测", "健康监测", "自我健康监测", "日常健康监测", "医学监测", "居家自我健康监测",
                   "健康监测期", "健康管理", "monitoring", "home monitoring", "监测", "自我监测", "health monitoring", "self-monitoring",
                   "self monitoring", "home health monitoring"),
}  # fmt: skip

CATEGORIES: Table = {
    "CONFIRMED": ("确诊", "确诊病例", "确诊者", "确诊患者", "阳性", "确诊人员", "新冠确诊", "confirmed"),
    "ASYMPTOMATIC": ("无症状", "无症状感染者", "无症状感染", "asymptomatic"),
    "SUSPECTED": ("疑似", "疑似病例", "疑似患者", "疑似人员", "suspected"),
    "FEVER": ("发热", "发烧", "发热人员", "发热患者", "发热病人", "发热者", "fever"),
    "CLOSE_CONTACT": ("密接", "密切接触者", "密切接触", "密接者", "密接人员", "一密", "密切接触人员", "close contact",
                      "close_contact", "contact"),
    "SECONDARY_CONTACT": ("次密接", "次密", "次密切接触者", "次密接者", "次密接人员", "二密", "密接的密接", "密接之密接",
                          "密接的密接者", "次密切接触", "次级密接", "密切接触者的密切接触者", "secondary contact",
                          "secondary_contact", "secondary"),
    "CO_PRESENT": ("时空伴随", "时空伴随者", "时空伴随人员", "时空交集", "时空重合", "时空", "时空交叉", "黄码",
                   "co-present", "co_present", "copresent"),
    "RISK_AREA": ("涉疫地区", "风险区", "中高风险", "中高风险地区", "高风险", "高风险区", "高风险地区", "中风险",
                  "中风险区", "中风险地区", "低风险区", "风险地区", "风险地区返回", "重点地区", "疫区", "涉疫",
                  "中高风险区", "中高风险地区人员", "风险区人员", "风险地区人员", "涉疫地区人员", "涉疫地区返回",
                  "重点地区返回", "疫区返回", "湖北返回", "武汉返回", "中风险地区返回", "高风险地区返回", "中高风险地区返回",
                  "risk area", "risk_area"),
    "COURIER": ("快递", "快递员", "快递人员", "外卖", "外卖员", "物流", "物流人员", "快递从业人员", "快递外卖",
                "涉疫快递", "courier"),
    "INBOUND": ("入境", "入境人员", "境外", "境外返回", "境外人员", "归国", "归国人员", "国外返回", "境外输入",
                "inbound"),
}  # fmt: skip

ISOLATION_STATES: Table = {
    "ORDERED": ("在管", "隔离中", "管控中", "在隔", "在隔离", "正在隔离", "未解除", "观察中", "监测中", "执行中",
                "在控", "新增", "延期", "延长", "待隔离", "ordered", "open", "active", "否", "isolated", "isolating", "ongoing",
                "in isolation", "in quarantine", "under isolation", "quarantined", "in progress", "current"),
    "RELEASED": ("解除", "已解除", "解除隔离", "已解除隔离", "解隔", "已解隔", "期满解除", "期满", "解除管控", "结束",
                 "已结束", "released", "closed", "是", "ended", "completed", "discharged", "finished"),
    "TRANSFERRED": ("转运", "转出", "已转出", "转移", "已转移", "已转运", "移交", "已移交", "转集中", "转居家", "转集中隔离",
                    "转居家隔离", "transferred"),
    "CONVERTED": ("转确诊", "确诊", "转阳", "阳性", "转为确诊", "送医", "住院", "转院", "converted"),
    "LOST": ("失联", "失踪", "联系不上", "脱管", "失管", "lost"),
    "CANCELLED": ("取消", "已取消", "撤销", "误报", "排除", "作废", "cancelled", "canceled"),
}  # fmt: skip

SLOTS: Table = {
    "AM": ("早", "晨检", "上午", "早上", "早晨", "晨", "早检", "晨测", "清晨", "上午体温", "早体温", "am", "morning",
           "早间", "第一次", "1"),
    "NOON": ("午", "午检", "中午", "中", "午测", "noon", "午间", "midday"),
    "PM": ("晚", "晚检", "下午", "晚上", "傍晚", "夜", "晚测", "夜间", "下午体温", "晚体温", "晚间", "夜晚", "pm", "evening",
           "afternoon", "第二次", "2"),
}  # fmt: skip

YES_NO: Table = {
    True: ("是", "有", "√", "✓", "✔", "1", "y", "yes", "true", "t", "对", "已上报", "已查", "已核验", "已检查", "已",
           "正常", "绿码", "已查验", "合格", "通过", "已完成", "on", "☑"),
    False: ("否", "无", "×", "✗", "✘", "x", "0", "n", "no", "false", "f", "未上报", "未", "没有", "未查", "未核验",
            "不是", "没", "未检查", "未查验", "不合格", "未完成", "错", "off", "☐"),
}  # fmt: skip

TICKS: Table = {
    True: ("√", "✓", "✔", "是", "1", "☑", "v", "y", "yes", "对", "●", "■", "★", "进", "入", "出", "进入", "外出", "离开", "in",
           "out"),
    False: ("×", "✗", "✘", "x", "0", "n", "no", "否", "无", "☐", "□"),
}  # fmt: skip
"""Under the columns 进 and 出 of a list of people."""

PRIORITIES: Table = {
    "URGENT": ("特急", "紧急", "非常紧急", "十万火急", "加急", "火急", "最急", "特别紧急", "极急", "urgent",
               "critical", "emergency", "高", "一级"),
    "HIGH": ("急", "较急", "比较急", "较紧急", "急需", "high", "中", "二级"),
    "NORMAL": ("一般", "普通", "正常", "不急", "常规", "平", "平件", "normal", "low", "低", "三级", "非紧急"),
}  # fmt: skip

REQUEST_STATES: Table = {
    "SUBMITTED": ("待审批", "已提交", "提交", "待处理", "待审核", "申请中", "新建", "审批中", "审核中", "未处理", "未审批",
                  "待审", "已申请", "未审核", "已登记", "submitted", "pending", "new", "open"),
    "APPROVED": ("已批准", "已审批", "批准", "同意", "通过", "已通过", "审批通过", "已审核", "审核通过", "待配货", "已同意",
                 "待分配", "approved"),
    "REJECTED": ("驳回", "已驳回", "不同意", "拒绝", "未批准", "不批准", "未通过", "不通过", "已拒绝", "退回", "已退回",
                 "审批不通过", "rejected", "refused"),
    "ALLOCATED": ("配货中", "已分配", "备货中", "已备货", "已配货", "配货", "分拣中", "待发货", "待配送", "已调拨", "打包中",
                  "采购中", "已下单", "allocated", "packing"),
    "DISPATCHED": ("配送中", "已发货", "已发出", "运输中", "在途", "派送中", "送货中", "已出库", "已配送", "发货",
                   "已派送", "待收货", "dispatched", "shipped", "in transit"),
    "PARTIAL": ("部分送达", "部分到货", "部分完成", "部分发货", "部分配送", "部分满足", "partial", "partially delivered"),
    "DELIVERED": ("已送达", "送达", "已到货", "已签收", "签收", "已收货", "到货", "已领取", "已领用", "已发放", "delivered",
                  "received"),
    "CLOSED": ("已完成", "完成", "已结", "结案", "已结案", "已办结", "办结", "已关闭", "关闭", "结束", "已结束", "完结", "已完结", "已闭环", "closed",
               "done", "completed"),
    "CANCELLED": ("取消", "已取消", "撤销", "已撤销", "撤回", "已撤回", "作废", "不需要", "不需要了", "cancelled",
                  "canceled"),
}  # fmt: skip

MOVES: Table = {
    "IN": ("入库", "入", "进", "进货", "收", "收入", "收货", "采购", "采购入库", "捐赠", "捐赠入库", "接收", "调入", "购入",
           "到货", "归还", "退库", "in", "receipt", "received"),
    "OUT": ("领用", "出库", "出", "发放", "领取", "支出", "发", "领出", "消耗", "使用", "调出", "分发", "领用出库", "发货",
            "用", "out", "issue", "issued"),
    "ADJUST": ("调整", "报损", "报废", "损耗", "盘亏", "盘盈", "校正", "调账", "更正", "adjust", "adjustment"),
    "COUNT": ("盘点", "结存", "库存", "清点", "实存", "盘存", "现存", "余量", "结余", "期初", "期末", "初始", "剩余", "count",
              "stocktake", "balance"),
}  # fmt: skip

ROLES: Table = {
    "LEADER": ("带班", "带班领导", "组长", "队长", "领导", "负责人", "班长", "值班领导", "带班人", "主班", "带队",
               "值班长", "总值班", "leader", "lead", "带班人员"),
    "GUARD": ("值守", "值班员", "值班", "队员", "组员", "保安", "门卫", "值班人员", "成员", "志愿者", "工作人员", "副班",
              "执勤", "守门", "岗员", "民警", "辅警", "网格员", "社工", "物业", "物业保安", "guard", "member"),
}  # fmt: skip

SHIFT_STATES: Table = {
    "PLANNED": ("计划", "正常", "已排", "待岗", "planned"),
    "SWAPPED": ("换班", "调班", "已换班", "替班", "swapped"),
    "CANCELLED": ("取消", "已取消", "撤销", "休息", "请假", "cancelled", "canceled"),
}  # fmt: skip
