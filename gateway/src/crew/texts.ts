/** What the crew's page says. */

import type { ClockKind } from '@roadwatch/contract/api';
import { TICKET_STATE_TEXTS } from '@roadwatch/contract/codes';
import type { Language } from '../language.ts';
import type { MapLink } from './map-links.ts';
import type { PhotoFault } from './photo.ts';
import type { CrewStep } from './report.ts';

export interface CrewTexts {
  readonly title: string;
  readonly over: string;
  /** Of the clocks that bind the crew. */
  readonly deadlines: Readonly<Partial<Record<ClockKind, string>>>;
  readonly again: string;
  readonly place: string;
  readonly maps: Readonly<Record<MapLink['program'], string>>;
  readonly note: string;
  readonly picture: string;
  readonly photo: string;
  readonly photoFaults: Readonly<Record<PhotoFault, string>>;
  readonly sending: string;
  readonly stalled: string;
  readonly tooOften: string;
  readonly busy: string;
  readonly failed: string;
  readonly back: string;
  readonly changed: string;
  readonly refused: string;
  readonly reason: string;
  readonly notOurs: string;
  readonly done: string;
  readonly morePictures: string;
  /** What the page says of what it keeps; `%` is a number. */
  readonly outbox: {
    readonly preparing: string;
    readonly progress: string;
    readonly sent: string;
    readonly offline: string;
    readonly waiting: string;
    readonly notLasting: string;
    readonly overKept: string;
    readonly photos: string;
    readonly save: string;
    readonly discard: string;
  };
  readonly other: string;
  readonly steps: Readonly<Record<CrewStep, string>>;
}

export const CREW_TEXTS: Readonly<Record<Language, CrewTexts>> = {
  en: {
    title: 'Road damage',
    over: 'This link is not valid, or the order is over. Ask your dispatcher for a new one.',
    deadlines: { response: 'Respond by', resolution: 'Repair by', rework: 'Repair again by' },
    again: 'The repair did not hold. To be done again, because:',
    place: 'Place',
    maps: { device: 'Show on the map', amap: 'Amap', apple: 'Apple Maps' },
    note: 'Note',
    picture: 'Picture of the damage',
    photo: 'Photographs (at most 4)',
    photoFaults: {
      missing: 'This step needs a photograph.',
      format: 'A file is not a photograph that can be read here. Send JPEG, PNG or WebP.',
      heic: 'A photograph is in the HEIC format. Set the camera to “Most compatible” or JPEG, or send a screenshot of it.',
      bytes: 'A photograph is too large: at most 64 MB each. Take it with fewer megapixels.',
      pixels: 'A photograph has too many pixels. Take it with fewer megapixels.',
      damaged: 'A photograph is damaged or incomplete. Take it again.',
      count: 'Too many photographs: at most 4 at once.',
      limit: 'This order has as many photographs as it can hold.',
    },
    sending: 'Sending. On a slow line this takes a few minutes; leave this page open.',
    stalled: 'The line broke off while sending. Nothing was saved; send it again.',
    tooOften: 'Too many attempts. Wait a minute, then try again.',
    busy: 'Many photographs are arriving at present. Nothing was saved; try again in a minute.',
    failed: 'Something went wrong here, and nothing was saved. Try again in a minute.',
    back: 'Back to the order',
    changed: 'The order has changed meanwhile. This is how it stands now.',
    refused: 'That could not be taken.',
    reason: 'Why is it not yours?',
    notOurs: 'Not ours',
    done: 'Thank you. The repair is being checked.',
    morePictures: 'More pictures',
    outbox: {
      preparing: 'Making the photographs small …',
      progress: 'Sending: % %',
      sent: 'Sent.',
      offline: 'No line. It is kept on this telephone and sent when the line is back.',
      waiting: 'Kept on this telephone and sent as soon as there is a line.',
      notLasting: 'This browser cannot keep it: leave this page open until it is sent.',
      overKept:
        'This link is not valid any more. What was not sent is still on this telephone: open the new link of the same order here and it is sent, or save the photographs.',
      photos: 'photographs: %',
      save: 'Save photograph %',
      discard: 'Discard',
    },
    other: '中文',
    steps: {
      accept: 'Accept',
      arrive: 'We are on site',
      make_safe: TICKET_STATE_TEXTS.made_safe.en,
      repair: TICKET_STATE_TEXTS.repaired.en,
      return: 'Return the order',
    },
  },
  zh: {
    title: '道路病害',
    over: '链接无效，或任务已结束。请向派遣员索取新的链接。',
    deadlines: { response: '响应时限', resolution: '修复时限', rework: '返工时限' },
    again: '修复未通过核查，需返工。原因：',
    place: '地点',
    maps: { device: '在地图中查看', amap: '高德地图', apple: '苹果地图' },
    note: '备注',
    picture: '病害图片',
    photo: '照片（最多4张）',
    photoFaults: {
      missing: '此步骤需要照片。',
      format: '有文件不是可识别的照片，请发送JPEG、PNG或WebP。',
      heic: '照片为HEIC格式。请将相机格式改为“兼容性最佳”或JPEG，或发送该照片的截图。',
      bytes: '照片过大：每张不超过64MB。请降低拍摄像素。',
      pixels: '照片像素过高，请降低拍摄像素。',
      damaged: '照片损坏或不完整，请重新拍摄。',
      count: '照片过多：一次最多4张。',
      limit: '此任务的照片数量已达上限。',
    },
    sending: '正在发送。网络较慢时需要几分钟，请勿关闭此页面。',
    stalled: '发送中断，未保存。请重新发送。',
    tooOften: '操作过于频繁，请一分钟后再试。',
    busy: '当前上传的照片较多，未保存。请一分钟后再试。',
    failed: '系统出错，未保存。请一分钟后再试。',
    back: '返回任务',
    changed: '任务状态已变化，以下为当前状态。',
    refused: '提交未成功。',
    reason: '为何不属于本单位？',
    notOurs: '非本单位职责',
    done: '谢谢。修复情况正在核查。',
    morePictures: '更多图片',
    outbox: {
      preparing: '正在压缩照片……',
      progress: '正在发送：%%',
      sent: '已发送。',
      offline: '当前没有网络。内容已保存在本机，联网后自动发送。',
      waiting: '已保存在本机，联网后自动发送。',
      notLasting: '此浏览器无法保存内容，发送完成前请勿关闭本页。',
      overKept:
        '此链接已失效。未发送的内容仍保存在本机：在此打开同一任务的新链接后会自动发送，也可保存照片。',
      photos: '%张照片',
      save: '保存第%张照片',
      discard: '放弃',
    },
    other: 'English',
    steps: {
      accept: '接单',
      arrive: TICKET_STATE_TEXTS.on_site.zh,
      make_safe: TICKET_STATE_TEXTS.made_safe.zh,
      repair: TICKET_STATE_TEXTS.repaired.zh,
      return: '回退任务',
    },
  },
};
