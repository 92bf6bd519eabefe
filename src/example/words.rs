//! What the invented district, its firms and its people are called.

/// What the district is called.
pub const DISTRICT: &str = "青澜区";

/// A code no district has, for what carries one inside: credit codes, certificate and resident numbers.
pub const REGION: &str = "379905";

/// In official order, which is not the order of pinyin.
pub const TOWNSHIPS: &[&str] =
    &["望川街道", "临湖街道", "青云街道", "柳泉镇", "双河镇", "白石镇", "长坡镇", "乐平镇", "曾家寨镇", "桃源乡"];

/// What firms put first.
pub const PLACES: &[&str] = &["青澜", "青澜", "青澜", "青澜", "望川", "临湖", "柳泉", "双河", "白石", "山岚"];

/// First and second character of a firm's own name; some are read in more than one way, as real names are.
pub const FIRST: &str = "恒拓禾景澄鹭朴衡合铭瑞岱启沐海川星砺云信昭博卓曜晟长重曾单仇乐盛";
pub const SECOND: &str = "砚微序铄源云石远畛栎舫西泓阳盈禾垣川陌禾明岸帆辰泽庆行朴翔淳越启";

/// What a firm does: the words in its name, GB/T 4754 code, technology field (index into the eight), product.
pub const TRADES: &[(&str, &str, usize, &str)] = &[
    ("新材料", "3062", 3, "高性能玻璃纤维及其制品"),
    ("智能装备", "3491", 7, "工业机器人工作站、自动化产线"),
    ("生物科技", "2762", 1, "微生物菌剂、发酵制品"),
    ("信息技术", "6513", 0, "政务与工业软件"),
    ("软件", "6513", 0, "嵌入式软件、运维平台"),
    ("环保工程", "7722", 6, "废水处理成套工程"),
    ("检测技术", "7452", 4, "第三方检测服务"),
    ("铝业", "3252", 3, "铝板带箔、铝型材"),
    ("精密铸造", "3392", 7, "铸铁件、铸钢件"),
    ("机械", "3424", 7, "数控机床、专用夹具"),
    ("汽车零部件", "3670", 7, "制动盘、车桥"),
    ("电缆", "3831", 3, "高压电缆、特种电缆"),
    ("光伏科技", "3825", 5, "光伏组件、支架"),
    ("制药", "2720", 1, "化学药品制剂"),
    ("农业科技", "0512", 1, "良种繁育、智慧大棚"),
    ("食品", "1361", 1, "水产加工品"),
    ("肥料", "2625", 1, "有机肥、水溶肥"),
    ("仪器仪表", "4011", 0, "流量计、分析仪器"),
    ("泵业", "3441", 7, "离心泵、磁力泵"),
    ("切削工具", "3321", 7, "硬质合金刀具"),
    ("纺织机械", "3551", 7, "喷气织机"),
    ("玻璃制品", "3054", 3, "日用玻璃、药用玻璃"),
    ("陶瓷材料", "3073", 3, "特种陶瓷结构件"),
    ("轴承科技", "3451", 7, "调心滚子轴承"),
    (ADVISERS, "7243", 4, "众创空间运营、创业辅导"),
];

/// The trade of those who run 众创空间.
pub const ADVISERS: &str = "企业管理咨询";

pub const SUFFIXES: &[&str] =
    &["有限公司", "有限公司", "有限公司", "有限公司", "科技有限公司", "有限责任公司", "股份有限公司"];

pub const SURNAMES: &str = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕单仇";
pub const GIVEN: &str = "敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰建国志文海峰晓东雪梅振宇子涵浩然";

pub const ROADS: &[&str] = &["澜江路", "创业大道", "科苑路", "望川北路", "湖滨路", "工业三路", "青云街", "双河大街"];

/// Why something goes back.
pub const RETURNS: &[&str] = &[
    "审计报告缺研发费用明细；科技人员名单与社保月份对不上",
    "知识产权证书未附缴费凭证",
    "近三年纳税申报表缺 1 年",
    "高新产品收入与专项审计报告不一致",
    "申请书第 7 页未盖章",
];

/// Why we do not recommend.
pub const DECLINES: &[&str] =
    &["申报数据与报税系统不一致，说明不成立", "上年发生一般环境违法，整改未验收", "同一项目已由关联企业申报"];

pub const AUDITORS: &[&str] =
    &["青澜正衡会计师事务所（普通合伙）", "望川诚信税务师事务所有限公司", "临湖中和会计师事务所（普通合伙）"];

pub const SPACES: &[&str] =
    &["澜创空间", "云上创客工场", "柳泉青创园", "湖畔众创", "白石匠谷", "青澜星火创客", "双河智造空间", "望川创客汇"];

/// 学历学位 of an applicant.
pub const DEGREES: &[&str] = &["博士研究生/博士", "博士研究生/博士", "硕士研究生/硕士", "本科/学士"];
