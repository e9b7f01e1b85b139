# 个人信息的用途、保存和删除

personal-purpose-identity = 确认是谁
personal-purpose-contact = 联系本人
personal-purpose-posts = 核算编制、岗位和职数
personal-purpose-career = 资格、聘任和履历的依据
personal-purpose-welfare = 养老、医保和补助
personal-purpose-signing-in = 登录和账号安全
personal-purpose-accountability = 谁在何时做了什么
personal-purpose-requests = 办理本人的请求
personal-purpose-messages = 发送提醒
personal-keeping-employment = 在册期间，离开后再满保存年限
personal-keeping-account = 账号存续期间
personal-keeping-days = 数日，随后自动删除
personal-keeping-trail = 与审计记录同存；内容可删，链不断
personal-keeping-always = 长期：谁做的决定须可追溯
personal-fate-kept = 保留（不再指向个人）
personal-fate-cleared = 清空
personal-fate-blanked = 改为 ***
personal-fate-replaced = 换成无人使用的代号
personal-fate-dropped = 整行删除
personal-request-open = 待处理
personal-request-corrected = 已更正
personal-request-declined = 不予更正
