# 封闭词表的用语：中文与工作簿所用相同，由测试对照

word-kind-township_health_centre = 乡镇卫生院
word-kind-community_health_centre = 社区卫生服务中心
word-kind-community_health_station = 社区卫生服务站
word-kind-village_clinic = 村卫生室
word-kind-county_hospital = 县级医院
word-kind-city_hospital = 城市医院
word-kind-cdc = 疾病预防控制机构
word-kind-maternal_child_health = 妇幼保健机构
word-kind-other = 其他

word-sponsor-government = 政府
word-sponsor-government_body = 政府所属机构
word-sponsor-public_body = 企事业单位
word-sponsor-society = 社会力量

word-post-category-professional = 专业技术
word-post-category-management = 管理
word-post-category-worker = 工勤技能

word-level-senior = 高级
word-level-intermediate = 中级
word-level-junior = 初级

word-ledger-ordinary = 普通
word-ledger-beyond_ratio = 超比例
word-ledger-off_quota = 不占职数
word-ledger-directed = 定向
word-ledger-special = 特设

word-manner-ordinary = 普通
word-manner-directed = 定向
word-manner-beyond_ratio = 超比例
word-manner-special = 特设

word-qualification-physician = 执业医师
word-qualification-assistant_physician = 执业助理医师
word-qualification-rural_doctor = 乡村医生

word-labour-relation-employed = 有
word-labour-relation-flexible = 灵活就业
word-labour-relation-incomplete = 不完全符合
word-labour-relation-none = 无

word-pension-scheme-employees = 企业职工
word-pension-scheme-residents = 城乡居民
word-pension-scheme-none = 无

word-location-township = 乡镇
word-location-city = 城区
word-location-village = 村

word-employment-establishment = 编内
word-employment-contract = 合同制
word-employment-agency = 劳务派遣
word-employment-reemployed = 返聘
word-employment-other = 其他

word-retirement-class-men_60 = 男60
word-retirement-class-women_55 = 女55
word-retirement-class-women_50 = 女50
word-retirement-class-women_60 = 女60

word-rank-none = 无
word-rank-assistant = 士级
word-rank-junior = 师级
word-rank-intermediate = 中级
word-rank-associate_senior = 副高
word-rank-senior = 正高
word-rank-not-appointed = 未聘

word-warning-code-unknown_column = 不认识的列
word-warning-code-refused_institution = 机构行未通过
word-warning-code-no_such_person = 人员表中没有此人
word-warning-code-partial_history = 履历不全
word-warning-code-level_missing = 有等级无聘任级别
word-warning-code-grade_level_mismatch = 等级与级别不符
word-warning-code-post_without_title = 聘任高于资格
word-warning-code-past_retirement = 已过退休年月
word-warning-code-directed_below_senior = 定向资格低于副高

word-title-kind-ordinary = 普通
word-title-kind-directed = 基层定向
word-gp-training-none = 无
word-gp-training-residency = 规培
word-gp-training-transfer = 转岗
word-gp-training-post = 岗位
word-job-class-physician = 执业医师
word-job-class-assistant_physician = 执业助理医师
word-job-class-trainee_physician = 见习医师
word-job-class-nurse = 注册护士
word-job-class-midwife = 助产士
word-job-class-pharmacist = 西药师（士）
word-job-class-traditional_pharmacist = 中药师（士）
word-job-class-laboratory = 检验技师（士）
word-job-class-imaging = 影像技师（士）
word-job-class-inspector = 卫生监督员
word-job-class-other_health = 其他卫生技术人员
word-job-class-other_technical = 其他技术人员
word-job-class-manager = 管理人员
word-job-class-worker = 工勤技能人员
word-sex-male = 男
word-sex-female = 女
word-training-kind-residency = 规范化培训
word-training-kind-transfer = 转岗培训
word-training-kind-post = 岗位培训
word-training-kind-assistant_gp = 助理全科培训
word-training-kind-essential_medicines = 基本药物培训
word-training-kind-capacity = 能力提升培训
word-training-kind-continuing = 继续教育
