"""Every form in which people write a value, in every kind that has it: what it becomes, or why it goes back.

Domain §4, "Values as people write them" and the codes. One cell of a faultless row is written otherwise.
"""

from __future__ import annotations

from typing import Any

import pytest
from tests.intake.coming import UNREADABLE, Back, Checking, Warned, found, local, row_of


def _on(time: str, day: str = "2022-03-28") -> str:
    return local(day, time)


TEMPERATURES = {
    "36.8": 36.8, "36.8℃": 36.8, "３６．８": 36.8, "36。8": 36.8, "36,8": 36.8, "36.8度": 36.8, "36.8°C": 36.8,
    " 36.8 ": 36.8, "36度8": 36.8, "三十六度五": 36.5, "36.799999": 36.8, "36.85": 36.9, "37.3 发热": 37.3,
    "正常(36.5)": 36.5, "'36.5": 36.5, "体温36.5": 36.5, "30": 30.0, "45": 45.0,
    "368": Warned("temperature", 36.8), "365": Warned("temperature", 36.5), "340": Warned("temperature", 34.0),
    "430": Warned("temperature", 43.0), "３６８": Warned("temperature", 36.8),
}  # fmt: skip
NO_TEMPERATURES = (
    "29.9", "45.1", "98.6", "98.6F", "36.5-37.0", "36.5~37", "36.5/36.8", "339", "431", "3680", "0", "偏高", "36.5 37.0",
)  # fmt: skip
MOMENTS = {
    "2022-03-28 06:13:21": "2022-03-28T06:13:21+08:00", "2022/3/28 6:13": _on("06:13"),
    "2022年3月28日06时13分": _on("06:13"), "2022年3月28日 星期一 6:13": _on("06:13"), "2022.3.28 6:13": _on("06:13"),
    "20220328 0613": _on("06:13"), "202203280613": _on("06:13"), "２０２２－０３－２８　０６：１３": _on("06:13"),
    "2022-03-28T06:13:21": "2022-03-28T06:13:21+08:00", "2022-03-28T06:13:21Z": "2022-03-28T14:13:21+08:00",
    "2022-03-28T06:13+09:00": _on("05:13"), "28/3/2022 6:13": _on("06:13"), "3/28/2022 6:13 AM": _on("06:13"),
    "22-03-28 6:13": _on("06:13"), "2月17日 7:30": local("2022-02-17", "07:30"), "2.17 7:30": local("2022-02-17", "07:30"),
    "2-17 7:30": local("2022-02-17", "07:30"), "2/17 7:30": local("2022-02-17", "07:30"),
    "12月30日 8:00": local("2021-12-30", "08:00"), "3月29日 8:00": Back("future"), "5月1日 8:00": local("2021-05-01", "08:00"),
    "43878.3125": local("2020-02-17", "07:30"), "43878 7:30": local("2020-02-17", "07:30"), "44648.25": _on("06:00"),
    "3月28日下午3点": _on("15:00"), "3月27日晚10点半": local("2022-03-27", "22:30"), "3月28日凌晨1点": _on("01:00"),
    "3月28日15时30分": _on("15:30"), "3月28日7：30": _on("07:30"), "3月28日 7.30": _on("07:30"),
    "3.28上午8点": _on("08:00"), "3.28早8:00": _on("08:00"), "3月28日上午10点一刻": _on("10:15"), "3月28日零点": _on("00:00"),
    "3月28日中午12点半": _on("12:30"), "3月27日晚12点": _on("00:00"), "3月27日24:00": _on("00:00"), "截至3月27日24时": _on("00:00"),
    "二〇二二年三月二十八日七时三十分": _on("07:30"), "2022-03-28 20:05": _on("20:05"),
    "3月28日约7:30": Warned("approximate", _on("07:30")), "3月28日7点左右": Warned("approximate", _on("07:00")),
    "2022-03-28 20:06": Back("future"), "2022-03-28 24:00": Back("future"), "2023-03-28 06:13": Back("future"),
    "2022-03-28": Back("date"), "3月28日": Back("date"), "43878": Back("date"), "20220311": Back("date"), "7:30": Back("date"),
    "下午3点": Back("date"), "2月30日 7:30": Back("date"), "2021-02-29 7:30": Back("date"), "2022-13-01 7:30": Back("date"),
    "2022-03-28 25:00": Back("date"), "2022-03-28 12:60": Back("date"), "3/4/2022 7:30": Back("date"), "昨天7:30": Back("date"),
    "早上": Back("date"), "": Back("empty"), "/": Back("empty"), "—": Back("empty"), "不详": Back("empty"),
}  # fmt: skip
DAYS = {
    "2月17日": "2022-02-17", "2.17": "2022-02-17", "2-17": "2022-02-17", "20220311": "2022-03-11",
    "2020/2/17": "2020-02-17", "2020年2月17日": "2020-02-17", "43878": "2020-02-17", "２０２２年３月２０日": "2022-03-20",
    "3.20": "2022-03-20", "3月20号": "2022-03-20", "三月二十日": "2022-03-20", "2022-03-20 08:00": "2022-03-20",
    "2022/3/20 0:00:00": "2022-03-20", "44640.5": "2022-03-20", "22.3.20": "2022-03-20", "3.20上午": "2022-03-20",
    "3月20日24:00": "2022-03-20", "12月31日": "2021-12-31", "11.1": Warned("date", "2021-11-01"),
}  # fmt: skip
NO_DAYS = ("2月30日", "2021-2-29", "2022年3月", "3月20日-22日", "20日", "周一", "昨天", "0320")
ROOMS = {
    "3栋2单元501": "3-2-501", "3-2-501": "3-2-501", "３＃2-501": "3-2-501", "3号楼2单元501室": "3-2-501",
    "三栋二单元501": "3-2-501", "3 - 2 - 501": "3-2-501", "3栋501": "3-501", "A座1203": "A-1203", "501室": "501", "3号楼": "3栋",
    "幸福路": "幸福路", "3月12日": Warned("date", "3月12日"), "12-Mar": Warned("date", "12-MAR"), "Mar-12": Warned("date", "MAR-12"),
    "2003/2/1": Warned("date", "2003-2-1"), "2001-03-02 00:00:00": Warned("date", "2001-03-0200:00:00"),
}  # fmt: skip
COUNTS = {
    "3": 3, "三": 3, "两": 2, "3人": 3, "３": 3, "3口": 3, "三次": 3, "5万": 50_000, "1,234": 1234, "0": 0,
    "2百多人": Warned("approximate", 200), "近1万7千": Warned("approximate", 17_000), "240余": Warned("approximate", 240),
    "约3人": Warned("approximate", 3), "十几人": Warned("approximate", 10),
}  # fmt: skip
QUANTITIES = {
    "500": 500.0, "5百": 500.0, "五百": 500.0, "500个": 500.0, "1,000": 1000.0, "１０００": 1000.0, "1.5万": 15_000.0,
    "近1万7千": 17_000.0, "2百多": 200.0, "240余": 240.0, "5万": 50_000.0, "两箱": 2.0, "2箱×50个": 100.0, "2箱*50个": 100.0, "0": 0.0, "2.5": 2.5, "10箱(每箱20个)": 10.0,
}  # fmt: skip
NAMES = {
    "王 伟": "王伟", '="王伟"': "王伟", "买买提•吐尔逊": "买买提·吐尔逊", "Ｊohn Smith": "John Smith", "买买提·吐尔逊": "买买提·吐尔逊", "王\u200b伟": "王伟", "=1+1": "=1+1",
    "王某等3人": Warned("group", "王某等3人"), "": Back("empty"), "/": Back("empty"), "无": Back("empty"),
    "同上": Back("value"), "〃": Back("value"),
}  # fmt: skip
PHONES = {
    "138 0000 0000": "13800000000", "138-0000-0000": "13800000000", "+8613800000000": "13800000000",
    "13987654321.0": "13987654321", "１３８００００００００": "13800000000", "(027)87654321": "02787654321", "/": None, "无": None,
    "1.38E+10": Warned("lost-digits"), "138****0000": Warned("value"), "1380000000": Warned("value"),
    "13800000000/13900000000": Warned("value", "13800000000"),
}  # fmt: skip
IDS = {
    "11010519491231002x": "11010519491231002X", "１１０１０５１９４９１２３１００２Ｘ": "11010519491231002X",
    "110105491231002": "110105491231002", "E12345678": "E12345678", "/": None,
    "4.20106E+17": Warned("lost-digits"), "420106199001010000": Warned("id"), "420106199001011234": Warned("id"),
    "110105194913310020": Warned("id"), "1101051949123100": Warned("id"),
}  # fmt: skip
UNKNOWN = {"": None, "/": None, "—": None, "--": None, "不详": None, "N/A": None}


def _all(words: str, becomes: Any) -> dict[str, Any]:
    return dict.fromkeys(words.split(" "), becomes)


def _each(written: dict[str, Any] | tuple[str, ...], of: Any) -> dict[str, Any]:
    """The same forms, what they become said in another way."""
    if isinstance(written, tuple):
        return dict.fromkeys(written, of)
    return {
        text: Warned(said.code, of(said.value)) if isinstance(said, Warned) else of(said)
        for text, said in written.items()
    }


CELLS: dict[tuple[str, str, str], dict[str, Any]] = {
    # -- gate passes
    ("gate-passes", "时间", "at"): MOMENTS,
    ("gate-passes", "体温", "temperature"): {
        **TEMPERATURES, **_each(NO_TEMPERATURES, Warned("temperature")), **UNKNOWN, "正常": None, "已测": None, "未测": None,
    },
    ("gate-passes", "方向", "direction"): {
        **_all("进 入 进入 in IN Ｉｎ 进校 进门", "IN"), **_all("出 离开 外出 out 出校", "OUT"),
        **_all("进出 1 上 横", Back("value")), "": Back("empty"), "/": Back("empty"),
    },
    ("gate-passes", "结果", "verdict"): {
        **_all("放行 通过 正常 √ 放行。", "ADMITTED"), **_all("拒入 不予放行 不放行", "REFUSED"), **_all("劝返", "TURNED_BACK"),
        **_all("留观", "HELD"), **UNKNOWN, **_all("体温正常 36.5 同上", Warned("value")),
    },
    ("gate-passes", "姓名", "name"): {k: v for k, v in NAMES.items() if k != "王某等3人"},
    ("gate-passes", "电话", "phone"): PHONES,
    ("gate-passes", "证件号", "id_number"): IDS,
    ("gate-passes", "车牌", "plate"): {
        **_all("鄂A·12345 鄂Ａ12345 鄂a12345 鄂A-12345", "鄂A12345"), "鄂 A D12345": "鄂AD12345", "粤Z1234港": "粤Z1234港",
        "无": None, "/": None, "临牌": Warned("value", "临牌"),
    },
    ("gate-passes", "轨迹", "trail"): {
        **_all("是 有 √ ✓ 1 Y y 已上报", True), **_all("否 无 × 0 N n 未上报", False), **UNKNOWN, "大概": Warned("value"),
    },
    ("gate-passes", "通行证", "permit"): {"1.2E+11": Warned("lost-digits"), "A-001": "A-001"},
    ("gate-passes", "门岗", "gate"): {"东 门": "东门", "东门（北侧）": "东门(北侧)", "": Back("empty"), "同上": Back("value")},
    # -- isolations
    ("isolations", "管控方式", "mode"): {
        **_all("集中 集隔 集中隔离 集中医学观察", "CENTRAL"), **_all("居家 居隔 居家隔离 居家观察 居家医学观察", "HOME"),
        **_all("居家监测 健康监测 居家健康监测", "MONITORING"), **_all("隔离 集中+居家 其他", Back("value")), "": Back("empty"),
    },
    ("isolations", "类别", "category"): {
        "密接": "CLOSE_CONTACT", "密切接触者": "CLOSE_CONTACT", **_all("次密接 次密 密接的密接 次密切接触者", "SECONDARY_CONTACT"),
        "次 密 接": "SECONDARY_CONTACT", "确诊": "CONFIRMED", "无症状": "ASYMPTOMATIC", "疑似": "SUSPECTED", "发热": "FEVER",
        "时空伴随": "CO_PRESENT", "涉疫地区": "RISK_AREA", "快递": "COURIER", "入境": "INBOUND", **UNKNOWN,
        **_all("密接（次） 非密接 红码", Warned("value")),
    },
    ("isolations", "开始日期", "at"): {
        **_each(DAYS, local), **_each(NO_DAYS, Back("date")), "4月10日": local("2022-04-10"), "10月30日": local("2021-10-30"),
        "2022-04-10": local("2022-04-10"), "": Back("empty"), "/": Back("empty"),
    },
    ("isolations", "隔离天数", "days"): {
        "14": 14, "14天": 14, "十四天": 14, "１４": 14, "14+7": Warned("value", 21), "/": None,
        "-1": Warned("negative"), **_all("0 14.5 400 若干 10余天 第5天", Warned("value")),
    },
    ("isolations", "解除日期", "due"): {
        "4月3日": "2022-04-03", "4.3": Warned("date", "2022-04-03"), "4-3": "2022-04-03", "2022-04-03": "2022-04-03", "44654": "2022-04-03", "2022-03-28": "2022-03-28",
        "3.25": None, "/": None, "2月30日": Warned("date"), "3月10日": Back("order"), "未知": None,
    },
    ("isolations", "预计解除日期", "due"): {"4.03": "2022-04-03", "3.19": Back("order"), "满14天": Warned("date")},
    ("isolations", "状态", "state"): {
        **_all("在管 隔离中 否", "ORDERED"), **_all("解除 已解除 是", "RELEASED"), "转运": "TRANSFERRED", "转阳": "CONVERTED", "失联": "LOST",
        "": "ORDERED", "很好": Warned("value", "ORDERED"),
    },
    ("isolations", "地点", "place"): {**ROOMS, **UNKNOWN, "无": None},
    ("isolations", "电话", "phone"): PHONES,
    ("isolations", "证件号", "id_number"): IDS,
    ("isolations", "姓名", "name"): NAMES,
    # -- health reports
    ("health-reports", "日期", "at"): {
        **_each(DAYS, local), **_each(NO_DAYS, Back("date")), "2022-03-29": Back("future"), "3月29日": Back("future"),
        "3月28日24:00": local("2022-03-28"), "2.1": Warned("date", local("2022-02-01")), "": Back("empty"), "同上": Back("empty"),
    },
    ("health-reports", "体温", "temperature"): {
        **TEMPERATURES, **_each(NO_TEMPERATURES, Back("temperature")), **_all("正常 已测 √ 发热 高烧", Warned("temperature")),
        **_all("/ — 未测 无", Back("empty")), "": Back("empty"),
    },
    ("health-reports", "时段", "slot"): {
        **_all("早 晨检 上午 AM", "AM"), **_all("午检 中午", "NOON"), **_all("晚 晚检 下午 pm", "PM"),
        "全天": Back("value"),
    },
    ("health-reports", "症状", "symptoms"): {**_all("无 没有 / —", None), "": None, "干咳、乏力": "干咳、乏力"},
    ("health-reports", "是否发热", "symptoms"): {"是": Warned("temperature", "发热"), "否": None, "/": None, "高": Warned("value")},
    ("health-reports", "楼栋房号", "room"): {**ROOMS, **UNKNOWN},
    ("health-reports", "姓名", "name"): NAMES,
    # -- rosters
    ("rosters", "日期", "day"): {
        "3.30": "2022-03-30", "3月30日": "2022-03-30", "20220330": "2022-03-30", "44650": "2022-03-30", "2022-03-30(周三)": "2022-03-30",
        "8月1日": "2022-08-01", "12月31日": "2021-12-31", "2023-01-01": "2023-01-01",
        **_all("4.1-4.3 周一 2月30日 明天", Back("date")), "": Back("empty"),
    },
    ("rosters", "开始", "at"): {
        written: local("2022-03-29", time)
        for written, time in {
            "7:00": "07:00", "07:00:00": "07:00", "7：30": "07:30", "7.30": "07:30", "0.3125": "07:30", "7点": "07:00", "7": "07:00",
            "七点半": "07:30", "上午8点": "08:00", "下午3点": "15:00", "15时30分": "15:30", "晚10点半": "22:30", "凌晨1点": "01:00",
            "0:00": "00:00", "2022-03-29 07:00": "07:00", "1900-01-00 07:30": "07:30",
        }.items()
    } | {"24:00": local("2022-03-30"), "25:00": Back("date"), "早上": Back("date"), "": Back("empty"), "/": Back("empty")},
    ("rosters", "结束", "ends_at"): {
        "15:00": local("2022-03-29", "15:00"), "6:00": local("2022-03-30", "06:00"), "7:00": local("2022-03-30", "07:00"),
        "24:00": local("2022-03-30"), "次日8点": local("2022-03-30", "08:00"), "0.25": local("2022-03-30", "06:00"),
        "下午3点": local("2022-03-29", "15:00"), "36:00": Back("date"), "": Back("empty"),
    },
    ("rosters", "角色", "role"): {"带班": "LEADER", "组长": "LEADER", "值守": "GUARD", "": "GUARD", "领舞": Warned("value", "GUARD")},
    ("rosters", "岗位", "post"): {"北 门": "北门", "": Back("empty"), "同上": Back("empty"), "〃": Back("empty")},
    ("rosters", "姓名", "name"): {
        "张三(组长)": "张三", '="张三"': "张三", **_all("休 轮休 空缺 无 待定 /", Back("empty")), "": Back("empty"),
    },
    # -- supply requests
    ("supply-requests", "数量", "quantity"): {
        **QUANTITIES, **_all("500 500瓶 500.0", 500.0),
    },
    ("supply-requests", "紧急程度", "priority"): {
        **_all("特急 紧急", "URGENT"), "急": "HIGH", **_all("一般 普通", "NORMAL"), "": "NORMAL", "/": "NORMAL",
        "看着办": Warned("value", "NORMAL"),
    },
    ("supply-requests", "申请时间", "at"): {
        "3月28日上午9点": _on("09:00"), "44648.375": _on("09:00"), "2022-03-28": Warned("approximate", _on("00:00")),
        "": _on("20:00"), "2022-03-29 10:00": Back("future"), "2022-03-29": Back("future"), "2月30日": Back("date"),
    },
    ("supply-requests", "单号", "number"): {"S-1": "S-1", "1001.0": "1001", "": None, "/": None, "1.38E+10": Back("lost-digits")},
    ("supply-requests", "联系方式", "contact"): {"张三 13800000000": "张三 13800000000", "1.38E+10": Warned("lost-digits")},
    ("supply-requests", "申请单位", "requester"): {"北门岗": "北门岗", "": Back("empty"), "—": Back("empty")},
    ("supply-requests", "状态", "state"): {
        "待审批": "SUBMITTED", "已批准": "APPROVED", "驳回": "REJECTED", "配货中": "ALLOCATED", "已发货": "DISPATCHED", "部分送达": "PARTIAL",
        "已送达": "DELIVERED", **_all("已完成 已结", "CLOSED"), "取消": "CANCELLED", "": "SUBMITTED", "不知道": Warned("value", "SUBMITTED"),
    },
    # -- stock movements
    ("stock-movements", "类型", "move"): {
        "入库": "IN", **_all("领用 出库", "OUT"), **_all("盘点 结存", "COUNT"), "调整": "ADJUST", "报损": "ADJUST",
        "借出": Back("value"), "": Back("empty"),
    },
    ("stock-movements", "数量", "quantity"): {
        **QUANTITIES, **{said: Back(code) for said, code in UNREADABLE.items()}, "若干": Back("value"), "": Back("empty"),
        "/": Back("empty"),
    },
    ("stock-movements", "时间", "at"): {
        "3.28 9:30": _on("09:30"), "3.28": Warned("approximate", _on("00:00")), "44648.375": _on("09:00"),
        "2022-03-29": Back("future"), "2月30日": Back("date"), "": Back("empty"),
    },
    ("stock-movements", "物资", "item"): {"Ｎ９５口罩": "N95口罩", "": Back("empty"), "同上": Back("value")},
    # -- census
    ("census", "人数", "size"): {
        **COUNTS, **_all("-1 -3人", Back("negative")), **_all("3.5 3+1 很多", Back("value")), "": Back("empty"), "/": Back("empty"),
    },
    ("census", "实到", "present"): {**COUNTS, **UNKNOWN, "-1": Warned("negative"), "3.5": Warned("value")},
    ("census", "地址", "address"): {**ROOMS, "": Back("empty"), "/": Back("empty"), "同上": Back("value")},
    ("census", "户主", "head"): NAMES,
    ("census", "日期", "at"): {
        **_each(DAYS, local), **_each(NO_DAYS, Warned("date", _on("20:00"))), "2022-03-29": Warned("future", _on("20:00")),
        "": _on("20:00"),
    },
}  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "header", "field", "written", "becomes"),
    [
        pytest.param(*place, written, becomes, id=f"{place[0]}-{place[1]}-{written}")
        for place, forms in CELLS.items()
        for written, becomes in forms.items()
    ],
)
def test_a_value_is_read_as_people_mean_it(
    told: Checking, kind: str, header: str, field: str, written: str, becomes: Any
) -> None:
    report = told(row_of(kind, **{header: written}))
    assert report["kind"] == kind
    if isinstance(becomes, Back):
        assert found(report, "rejected") == [(2, header, becomes.code)]
        assert report["values"] == []
        return
    assert found(report, "rejected") == []
    assert report["accepted"] == 1
    (value,) = report["values"]
    if isinstance(becomes, Warned):
        assert found(report, "warnings") == [(2, header, becomes.code)]
        becomes = becomes.value
    else:
        assert found(report, "warnings") == []
    assert value[field] == becomes


@pytest.mark.parametrize("written", ["", "/", "不详"])
def test_a_report_without_its_slot_is_the_mornings_and_warned_of(told: Checking, written: str) -> None:
    report = told(row_of("health-reports", 时段=written))
    assert [one["slot"] for one in report["values"]] == ["AM"]
    assert found(report, "warnings") == [(2, "", "value")]
