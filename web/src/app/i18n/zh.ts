// Every sentence of the shell and the phone, in Chinese: the first language and the shape of all others.
// A sentence says what happened, what is safe, and what to do, in that order, and never blames the person.

import { phone } from './zh-phone.ts';
import { rescue } from './zh-rescue.ts';

export const zh = {
  language: 'zh-CN',
  app: {
    name: '楼道',
    skip: '跳到内容',
    opening: '正在打开……',
    reading: '正在读本机的记录……',
    listSeparator: '、',
    sentenceEnd: '。',
  },
  marks: {
    on_phone: '已存本机',
    sending: '正在送',
    on_server: '已到平台',
    seen: '已阅',
    held: '在待处理',
    refused: '未收，存在本机',
  },
  lights: { lit: '近期见过', due: '该去了', dark: '从未到访' },
  time: {
    date: (month: number, day: number, year?: number) => `${year === undefined ? '' : `${year}年`}${month}月${day}日`,
    today: '今天',
    yesterday: '昨天',
    daysAgo: (days: number) => `${days} 天前`,
    daysLeft: (days: number) => (days === 0 ? '今天该去' : `还剩 ${days} 天`),
    daysOver: (days: number) => `已过 ${days} 天`,
    never: '从未到访',
    justNow: '刚才',
    minutesAgo: (minutes: number) => `${minutes} 分钟前`,
  },
  address: {
    building: (name: string) => (/^[0-9]+$/.test(name) ? `${name} 栋` : name),
    unit: (name: string) => (/^[0-9]+$/.test(name) ? `${name} 单元` : name),
    floor: (floor: number) => `${floor} 层`,
  },
  people: {
    me: '我',
    unknown: '不知是谁',
    age: (years: number) => `${years} 岁`,
    born: (year: number) => `${year} 年生`,
    words: (name: string) => `${name}写：`,
    legend: '颜色和线型表示谁写的',
  },
  /** Used until the community's own lists have arrived, and for nothing else. */
  codes: {
    outcomes: { met: '见面', no_answer: '未遇', phone: '电话', declined: '不便打扰', no_need: '无需求', has_matter: '有事' },
    purposes: { routine: '日常走访', care: '关爱探访', survey: '入户调查', safety: '安全检查', follow_up: '回访' },
    tags: {
      empty_nest: '空巢老人', left_behind_child: '留守儿童', minor: '未成年人', disabled: '残疾人', aged: '老年人',
      lives_alone: '独居',
    },
    checks: { gas: '燃气', wiring: '电线', fire_exit: '楼道通畅', water: '用水' },
  } as Record<'outcomes' | 'purposes' | 'tags' | 'checks', Record<string, string>>,
  checkValues: { ok: '正常', problem: '有问题' } as Record<string, string>,
  reviewStates: { waiting: '待审阅', accepted: '已通过', asked_back: '已请补充' } as Record<string, string>,
  fields: {
    outcome: '结果', purpose: '目的', note: '记录', checks: '查看', met: '见到的人', comment: '批注', state: '审阅',
    door: '户室', by: '走访人', at: '时间', reviewer: '审阅人',
    settle: '用这个', twoValues: (field: string) => `${field}有两种填法，都留着，请选一个。`,
    wroteBy: (name: string) => `${name} 填`,
    settled: '已选定，另一个留在历史里。',
    together: (names: string[]) => names.join('、'),
  },
  held: {
    malformed: '数据在路上损坏了',
    too_large: '这条太大，超过了平台的限度',
    too_many_operations: '这条改动太多，超过了平台的限度',
    foreign_actor: '平台认出这条不是这台手机写的',
    sequence_gap: '它前面还有一条没到平台',
    sequence_taken: '平台上已有同一个位置的另一条，这台手机可能被复制过',
    waits: '它要接在另一条之后，那一条还没收',
    unknown_kind: '平台还不认识这种记录',
    kind_mismatch: '平台上它是另一种记录',
    feed_not_yours: '这户已不在你的网格里，记录已到平台，等管理员收下',
    field_not_allowed: '里面有一项不归你填',
    not_readable: '平台读不懂改后的内容',
    harmful: '平台处理它时出了错，已隔离',
    sender_gone: '写它的手机已停用，或这个人已不在社区，等管理员看过',
    tray_full: '平台为这台手机留的待处理位置已满，请告诉管理员',
  } as Record<string, string>,
  errors: {
    title: '没有成功',
    unknown: '出了意料之外的问题。已写的都在本机，可以再试一次。',
    again: '再试一次',
    noPage: '没有这一页',
    noPageHint: '地址可能写错了，或者这一页已经改名。',
    home: '回到楼栋',
  },
  support: {
    title: '这个浏览器还用不了楼道',
    secure_context: '地址不是 https 开头的，浏览器不允许在这里存记录。请用管理员给的 https 地址打开。',
    storage: '浏览器不让网页存东西，可能在无痕模式里。请换到普通窗口打开。',
    worker: '浏览器太旧，不能在后台处理记录。',
    locks: '浏览器太旧，不能保证两个窗口不抢着写。',
    compression: '浏览器太旧，不能压缩要送的记录。',
    engine: '浏览器太旧，运行不了合并记录的程序。',
    what: '请更新浏览器，或换用新版的 Chrome、Edge、Safari、华为浏览器打开同一个链接。已经存在这台手机上的记录不会丢。',
  },
  ...phone,
  ...rescue,
};

export type Messages = typeof zh;
