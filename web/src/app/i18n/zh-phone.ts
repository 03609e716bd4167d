// Every sentence of the phone's pages, in Chinese.

export const phone = {
  bar: { label: '主要页面', buildings: '楼栋', todo: '待办', visit: '走访', mine: '我的' },
  strip: {
    offline: '未联网',
    onPhone: (count: number) => `${count} 条在本机，安全`,
    nothingWaiting: '照常可用',
    sending: (count: number) => `正在送 ${count} 条`,
    arrived: '都已到平台',
  },
  enrol: {
    title: '登记这台手机',
    lead: '打开管理员发来的登记链接，这台手机就归你用了。链接十分钟内有效，只能用一次。',
    working: '正在登记，并取回你的楼栋……',
    welcome: (name: string, community: string) => `${name}，你好。这是${community}。`,
    paste: '也可以把链接或登记码粘贴在这里',
    start: '登记',
    offline: '现在没有联网，登记要联网一次。链接还没有用掉，联网后会自动接着登记。',
    again: '再试一次',
    noCode: '粘贴的内容里没有找到登记码。请复制整条链接再试。',
    already: (name: string) => `这台手机已登记为${name}`,
    alreadyHint: '新链接还没有用掉。要换成新链接里的人，先让这台手机退出。',
    alreadyWaiting: (count: number) => `还有 ${count} 条没送到平台，先联网送完再退出。`,
    keep: '不换，继续用',
    change: '退出并换人',
    weChat: '你在微信里打开了这一页。请点右上角“…”，选“在浏览器打开”，再登记。在微信里登记，记录可能随聊天缓存一起被清掉。',
    anyway: '仍在这里登记',
  },
};
