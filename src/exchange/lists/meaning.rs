//! What a column of a list means, and the many names it goes by. The names are data: one line each, easy to add to.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Meaning {
    /// 序号: 1, 2, 3 …
    Serial,
    /// The firm, school or institution itself.
    Name,
    /// The firm behind a platform or project: 运营单位, 依托单位, 承担单位.
    Operator,
    /// A platform's or project's own name: 空间名称, 实验室名称, 项目名称.
    ItemName,
    /// 统一社会信用代码
    Code,
    /// 组织机构代码
    OrgCode,
    /// The number under which the list registers a firm: 证书编号, 入库登记编号, 学校标识码.
    CertificateNumber,
    /// City, county or district.
    Area,
    /// 乡镇, 街道, 园区
    Township,
    Industry,
    /// 技术领域
    Field,
    /// A person the list is about: 申报人, 姓名.
    Person,
    LegalRep,
    Contact,
    Phone,
    Address,
    /// 主管部门, 推荐单位
    Department,
    /// The date of the recognition: 发证日期, 认定时间.
    Date,
    ValidTo,
    Batch,
    Year,
    /// 类别, 类型, 级别
    Category,
    Result,
    Score,
    Amount,
    /// 成立日期, 注册时间
    Established,
    RegisteredCapital,
    Staff,
    Revenue,
    RdExpense,
    Remark,
}

impl Meaning {
    /// All meanings in the order a picker shows them.
    pub fn all() -> &'static [Self] {
        use Meaning::{
            Address, Amount, Area, Batch, Category, CertificateNumber, Code, Contact, Date, Department, Established,
            Field, Industry, ItemName, LegalRep, Name, Operator, OrgCode, Person, Phone, RdExpense, RegisteredCapital,
            Remark, Result, Revenue, Score, Serial, Staff, Township, ValidTo, Year,
        };
        &[
            Name,
            Code,
            CertificateNumber,
            Area,
            Township,
            Operator,
            ItemName,
            Person,
            OrgCode,
            Industry,
            Field,
            Category,
            Date,
            ValidTo,
            Batch,
            Year,
            Result,
            Score,
            Amount,
            Department,
            LegalRep,
            Contact,
            Phone,
            Address,
            Established,
            RegisteredCapital,
            Staff,
            Revenue,
            RdExpense,
            Remark,
            Serial,
        ]
    }

    /// What an officer calls such a column.
    pub fn label(self) -> &'static str {
        match self {
            Self::Serial => "序号",
            Self::Name => "企业（单位）名称",
            Self::Operator => "运营（依托）单位",
            Self::ItemName => "平台（项目）名称",
            Self::Code => "统一社会信用代码",
            Self::OrgCode => "组织机构代码",
            Self::CertificateNumber => "证书（登记）编号",
            Self::Area => "所属地区",
            Self::Township => "乡镇（街道）",
            Self::Industry => "行业",
            Self::Field => "技术领域",
            Self::Person => "申报人",
            Self::LegalRep => "法定代表人",
            Self::Contact => "联系人",
            Self::Phone => "联系电话",
            Self::Address => "地址",
            Self::Department => "主管（推荐）部门",
            Self::Date => "发证（认定）日期",
            Self::ValidTo => "有效期至",
            Self::Batch => "批次",
            Self::Year => "年度",
            Self::Category => "类别",
            Self::Result => "结论",
            Self::Score => "得分",
            Self::Amount => "金额",
            Self::Established => "成立日期",
            Self::RegisteredCapital => "注册资本",
            Self::Staff => "职工人数",
            Self::Revenue => "销售收入",
            Self::RdExpense => "研发费用",
            Self::Remark => "备注",
        }
    }

    /// Whether a header of this meaning shows that the row is a header at all: a list names somebody or something.
    pub(super) fn is_key(self) -> bool {
        use Meaning::{CertificateNumber, Code, ItemName, Name, Operator, OrgCode, Person};
        matches!(self, Name | Operator | ItemName | Code | OrgCode | CertificateNumber | Person)
    }

    /// Whether two columns may both have it: 所在市 and 所属区县, 类别 and 级别, four years of 销售收入.
    pub(super) fn may_repeat(self) -> bool {
        use Meaning::{Amount, Area, Category, RdExpense, Remark, Revenue, Score, Staff};
        matches!(self, Area | Category | Amount | Revenue | RdExpense | Staff | Score | Remark)
    }
}

/// How sure a header's wording makes its meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sure {
    /// Contains a word that mostly means it.
    Hint,
    /// A word used for other things too: 名称, 编号, 时间. The values decide.
    Vague,
    /// Ends in a name for it.
    Ending,
    /// Is a name for it.
    Exact,
}

/// The names of one meaning, folded as by `header::fold`: separated by blanks.
struct Names {
    meaning: Meaning,
    exact: &'static str,
    vague: &'static str,
    ending: &'static str,
    within: &'static str,
}

const fn names(
    meaning: Meaning,
    exact: &'static str,
    vague: &'static str,
    ending: &'static str,
    within: &'static str,
) -> Names {
    Names { meaning, exact, vague, ending, within }
}

/// Earlier lines win where two fit equally well.
#[rustfmt::skip]
const NAMES: &[Names] = &[
    names(Meaning::Serial, "序号 序 排序 排名 顺序号 行号 no no. 序列", "编号", "", ""),
    names(
        Meaning::Code,
        "统一社会信用代码 社会信用代码 信用代码 统一信用代码 统一代码 统一社会信用编码 社会统一信用代码 统一社会信用号 uscc",
        "代码",
        "信用代码",
        "信用代码 信用编码",
    ),
    names(Meaning::OrgCode, "组织机构代码 机构代码 组织机构代码证号 组织代码", "", "组织机构代码", ""),
    names(
        Meaning::Name,
        "企业名称 单位名称 公司名称 企业全称 单位全称 公司全称 企业 单位 公司 机构名称 学校名称 院校名称 高校名称 医院名称 \
         申报单位 申报企业 申请单位 申请企业 纳税人名称 市场主体名称 法人单位名称 法人名称 法人单位 用人单位 工作单位 所在单位 \
         单位 主体名称 商户名称 参评单位 入库企业 认定企业 获奖单位 获补单位 补助单位 受助单位 单位企业名称 合作社名称 填报单位 \
         企业单位名称 单位或企业名称 企业单位 持证单位 证书持有单位 所在企业",
        "名称 名单 全称 机构 主体",
        "企业名称 单位名称 公司名称 机构名称 企业全称 单位全称 申报单位 申请单位 申报企业 法人名称 纳税人名称",
        "",
    ),
    names(
        Meaning::Operator,
        "运营单位 运营主体 运营机构 运营企业 运营公司 依托单位 依托企业 依托机构 建设单位 建设主体 承建单位 承担单位 承担企业 \
         牵头单位 牵头企业 主体单位 实施单位 实施企业 主办单位 管理单位 管理机构 主承担单位 第一完成单位 完成单位 托管单位 \
         项目单位 项目承担单位 项目申报单位 项目牵头单位 举办单位 组建单位 设立单位 设站单位 建站单位 卖方 受托方",
        "",
        "运营单位 运营主体 运营机构 运营企业 依托单位 依托企业 承担单位 承建单位 建设单位 牵头单位 牵头企业 实施单位",
        "",
    ),
    names(
        Meaning::ItemName,
        "项目名称 空间名称 实验室名称 平台名称 中心名称 载体名称 孵化器名称 众创空间 众创空间名称 工作站名称 基地名称 园区名称 \
         研发机构名称 研究院名称 技术名称 成果名称 产品名称 课题名称 专利名称 合同名称 共同体名称 站点名称 驿站名称 品牌名称 \
         实验室 孵化器 项目 课题 活动名称 技术中心名称 创新平台名称 研发平台名称 众创空间孵化器名称",
        "",
        "项目名称 空间名称 实验室名称 平台名称 中心名称 载体名称 孵化器名称 工作站名称 基地名称 产品名称 成果名称 课题名称 合同名称",
        "",
    ),
    names(
        Meaning::CertificateNumber,
        "证书编号 证书号 证书号码 证号 登记编号 入库登记编号 入库编号 登记号 备案编号 备案号 批准文号 统计编号 认定编号 \
         认定证书编号 高企证书编号 学校标识码 标识码 院校代码 学校代码 注册编号 许可证号 项目编号 申报编号 申请编号 立项编号 \
         合同编号 合同登记编号 受理编号 计划编号 项目立项编号 证件编号 资质编号 文号 评价编号 公告编号",
        "编号 编码 号码 代号",
        "证书编号 登记编号 入库编号 备案编号 证书号 统计编号 认定编号 标识码 项目编号 登记号 备案号 立项编号",
        "编号 证书号",
    ),
    names(
        Meaning::Township,
        "乡镇 街道 镇街 乡镇街道 所在乡镇 所属乡镇 所在街道 所属街道 所在镇街 所属镇街 镇 园区 所属园区 所在园区 街镇 所属街镇 \
         所在街镇 乡镇园区 镇街园区 所在乡镇街道 所属乡镇街道 责任乡镇 责任镇街 属地乡镇",
        "",
        "乡镇 镇街 街道",
        "乡镇 镇街",
    ),
    names(
        Meaning::Area,
        "地区 所属地区 所在地区 所在地 所属地 地市 市 市州 区县 区市 县区 区 县 县市区 市区县 区县市 所在市 所属市 所在区 所属区 \
         所在县 所属县 所在区县 所属区县 所属区市 所在县区 所属县区 所属县市区 所在县市区 所在区县市 所属区县市 所属市州 纳税地 \
         注册地 行政区划 行政区域 所属区域 所在区域 区域 所在省市 省市 省份 省 所在省份 所在城市 城市 属地 归属地 归口地区 \
         推荐地区 设区市 所在设区市 盟市 州市 旗县 所属地市 所在地市 所属辖区 辖区 市别 地域 县市 所在辖区 注册区域",
        "",
        "地区 区县 县区 县市区 区市 所在市 所在地",
        "",
    ),
    names(Meaning::Field, "技术领域 所属领域 所属技术领域 领域 高新技术领域 产业领域 专业领域 研究领域 学科领域 行业领域 主要领域", "", "领域", ""),
    names(Meaning::Industry, "行业 所属行业 行业类别 行业名称 行业代码 国民经济行业 所属产业 产业 产业类别 主营行业 行业分类 产业类型", "", "行业 产业", ""),
    names(
        Meaning::LegalRep,
        "法定代表人 法人代表 法人 法人姓名 法定代表人姓名 法人代表姓名 企业法人 负责人 单位负责人 企业负责人 法定代表",
        "",
        "法定代表人 法人代表",
        "",
    ),
    names(
        Meaning::Contact,
        "联系人 联系人姓名 企业联系人 单位联系人 填报人 经办人 联络人 财务负责人 科技负责人 联络员 项目联系人",
        "",
        "联系人",
        "",
    ),
    names(
        Meaning::Person,
        "姓名 申报人 人才姓名 项目负责人 申请人 专家姓名 人选 申报人姓名 课题负责人 获奖人 外国专家姓名 外国人姓名 领军人才 首席专家 \
         合作院士 院士 院士姓名 院士专家 特派员 主要完成人 带头人 创业者 创业人才",
        "",
        "申报人 姓名",
        "",
    ),
    names(
        Meaning::Phone,
        "联系电话 电话 手机 手机号 手机号码 联系方式 电话号码 固定电话 办公电话 联系手机 联系人电话 联系人手机 移动电话 联系号码 \
         法人电话 联系人联系方式",
        "",
        "电话 手机 手机号 联系方式",
        "联系电话 手机号",
    ),
    names(
        Meaning::Address,
        "地址 详细地址 注册地址 通讯地址 通信地址 单位地址 企业地址 经营地址 办公地址 联系地址 住所 所在地址 生产经营地址 注册住所 \
         建设地点 地点 实施地点 经营场所",
        "",
        "地址 住所",
        "",
    ),
    names(
        Meaning::Department,
        "主管部门 推荐单位 推荐部门 归口部门 归口管理部门 主管单位 组织单位 推荐机构 审核部门 归口单位 管理部门 帮包部门 举办者 \
         主管部门归口 认定机构 发证机关 登记机构",
        "",
        "主管部门 推荐单位 推荐部门 归口部门 主管单位",
        "",
    ),
    names(
        Meaning::ValidTo,
        "有效期 有效期至 有效期截止 截止日期 有效截止日期 到期日期 到期时间 有效期止 证书有效期 有效期限 失效日期 终止日期 到期日 \
         证书到期日期 结束日期 结束时间 有效日期",
        "",
        "有效期 有效期至 截止日期 到期日期",
        "有效期",
    ),
    names(
        Meaning::Established,
        "成立日期 成立时间 注册日期 注册时间 企业成立日期 企业注册时间 设立日期 设立时间 成立年月 企业成立时间 工商注册时间 建立时间",
        "",
        "成立日期 成立时间 注册日期 注册时间",
        "",
    ),
    names(
        Meaning::Date,
        "发证日期 发证时间 认定日期 认定时间 批准日期 批准时间 入库日期 入库时间 公告日期 公告时间 公布日期 备案日期 备案时间 \
         登记日期 登记时间 授予日期 颁发日期 获批时间 立项时间 评审日期 公示日期 申报日期 申报时间 签订日期 合同签订日期 \
         认定登记日期 获批日期 证书日期 发布日期",
        "日期 时间",
        "发证日期 认定日期 认定时间 发证时间 入库日期 登记日期 批准日期 公告日期",
        "发证日期",
    ),
    names(Meaning::Batch, "批次 认定批次 入库批次 公示批次 所属批次 申报批次", "", "批次", ""),
    names(Meaning::Year, "年度 年份 认定年度 认定年份 入库年度 申报年度 立项年度 所属年度 获批年度 认定年", "年", "年度 年份", ""),
    names(
        Meaning::Category,
        "类别 类型 级别 等级 层次 办学层次 企业类型 企业类别 项目类别 项目类型 平台类别 平台级别 申报类别 人才类别 认定类型 认定类别 \
         种类 分类 企业规模 规模 企业性质 性质 称号 资质 认定级别 平台类型 机构类型 技术类别 合同类别 合同类型 申报类型 载体类型 \
         支持类别 是否重新认定",
        "",
        "类别 类型 级别 等级",
        "",
    ),
    names(
        Meaning::Result,
        "结论 评审结果 评价结果 认定结果 审核结果 结果 考核结果 评审结论 验收结论 评估结果 绩效评价结果 考核等次 评价等级 考评结果 \
         审核意见 评审意见 绩效等级 当前环节 状态 是否通过",
        "",
        "结果 结论",
        "",
    ),
    names(Meaning::Score, "得分 分数 评分 总分 综合得分 评价得分 自评得分 评审得分 平均分 最终得分 综合评分", "", "得分 评分", ""),
    names(Meaning::RegisteredCapital, "注册资本 注册资金 注册资本金 实缴资本", "", "注册资本 注册资金", "注册资本 注册资金"),
    names(
        Meaning::RdExpense,
        "研发费用 研发投入 研发经费 研究开发费用 研发费 研发支出 研发费用总额 研发经费投入 研发经费支出 上年研发费用 上年度研发费用 \
         研发投入总额 加计扣除额",
        "",
        "研发费用 研发投入 研发经费 研发费用总额 研究开发费用",
        "研发费用 研发投入 研发经费",
    ),
    names(
        Meaning::Revenue,
        "销售收入 营业收入 主营业务收入 营收 上年销售收入 上年度销售收入 上年营业收入 上年度营业收入 营业总收入 年销售收入 年营业收入 \
         销售额 年产值 产值 总收入 企业收入",
        "",
        "销售收入 营业收入 总收入",
        "销售收入 营业收入",
    ),
    names(
        Meaning::Amount,
        "金额 补助金额 奖补金额 奖励金额 拟补助金额 拟奖励金额 资金 支持金额 补助资金 奖补资金 拟补助资金 拟奖补金额 兑付金额 合同金额 \
         成交金额 成交额 技术交易额 合同成交额 资助金额 资助经费 拨款金额 补贴金额 经费 支持经费 总投资 投资额 拟支持资金 减免金额 \
         奖励资金 立项经费 拟安排资金",
        "",
        "金额 补助资金 奖补资金 补助经费",
        "补助金额 奖励金额",
    ),
    names(
        Meaning::Staff,
        "职工人数 职工总数 员工人数 从业人数 从业人员 职工数 员工数 人数 企业人数 在职人数 从业人员数 职工总人数 从业人员期末人数",
        "",
        "职工人数 职工总数 从业人数 员工人数",
        "",
    ),
    names(Meaning::Remark, "备注 说明 其他 其它 备注说明 其他说明 备考", "", "备注", ""),
];

/// The names that decide alone, for a quick look.
static WHOLE: LazyLock<HashMap<&'static str, (Meaning, Sure)>> = LazyLock::new(|| {
    let mut map = HashMap::new();
    for sure in [Sure::Exact, Sure::Vague] {
        for n in NAMES {
            let list = if sure == Sure::Exact { n.exact } else { n.vague };
            for word in list.split_ascii_whitespace() {
                map.entry(word).or_insert((n.meaning, sure));
            }
        }
    }
    map
});

/// Meaning of a folded header that is a name as a whole.
pub(super) fn of_whole(key: &str) -> Option<(Meaning, Sure)> {
    WHOLE.get(key).copied()
}

/// Endings by their last character, so that a text is compared with a few of them only.
static ENDINGS: LazyLock<HashMap<char, Vec<(&'static str, Meaning)>>> = LazyLock::new(|| {
    let mut map: HashMap<char, Vec<_>> = HashMap::new();
    for n in NAMES {
        for word in n.ending.split_ascii_whitespace() {
            map.entry(word.chars().next_back().unwrap_or_default()).or_default().push((word, n.meaning));
        }
    }
    map
});

/// Meaning of a folded header, and how sure. Of several endings or words that fit, the longest decides: 技术合同登记编号 is
/// a number, though 合同 alone were a thing.
pub(super) fn of_folded(key: &str) -> Option<(Meaning, Sure)> {
    if let Some(found) = of_whole(key) {
        return Some(found);
    }
    let last = key.chars().next_back()?;
    let endings = ENDINGS.get(&last).map(Vec::as_slice).unwrap_or_default();
    let ending = endings.iter().filter(|(word, _)| key.ends_with(word)).max_by_key(|(word, _)| word.len());
    if let Some((_, meaning)) = ending {
        return Some((*meaning, Sure::Ending));
    }
    let within = NAMES.iter().flat_map(|n| n.within.split_ascii_whitespace().map(|word| (word, n.meaning)));
    within.filter(|(word, _)| key.contains(word)).max_by_key(|(word, _)| word.len()).map(|(_, m)| (m, Sure::Hint))
}
