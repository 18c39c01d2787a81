/** Why a device could not be asked by ONVIF: a kind, and a sentence for the person who looks after it. */
import { SaidError, type Words } from '../../language.ts';

export type OnvifProblem =
  | 'unreachable'
  | 'refused'
  | 'not_onvif'
  | 'too_long'
  | 'hostile_xml'
  | 'elsewhere'
  | 'fault';

const SENTENCES: Readonly<Record<OnvifProblem, Words>> = {
  unreachable: { en: 'the device cannot be asked by ONVIF', zh: '无法通过 ONVIF 访问设备' },
  refused: {
    en: 'the device refuses the login by ONVIF (user name, password, or no ONVIF user was made on it)',
    zh: '设备拒绝 ONVIF 登录（用户名或密码错误，或设备上未建立 ONVIF 用户）',
  },
  not_onvif: { en: 'what answers there does not speak ONVIF', zh: '该地址的应答不是 ONVIF' },
  too_long: { en: 'the answer is longer than any that is expected', zh: '应答超出允许的长度' },
  hostile_xml: {
    en: 'the answer declares a document type or entities, which ONVIF never needs',
    zh: '应答中含有文档类型或实体声明，ONVIF 不需要这些内容',
  },
  elsewhere: {
    en: 'the device names an address on another machine; not followed',
    zh: '设备给出了另一台机器的地址，未予访问',
  },
  fault: { en: 'the device answered with an error', zh: '设备返回错误' },
};

export class OnvifError extends SaidError {
  override readonly name = 'OnvifError';
  readonly problem: OnvifProblem;

  /** `detail`: what is known besides, such as a host or a code; never a secret. */
  constructor(problem: OnvifProblem, detail = '') {
    const more = detail === '' ? '' : ` (${detail.replace(/[^\x20-\x7e\u00a0-\uffff]/g, '').slice(0, 120)})`;
    super({ en: SENTENCES[problem].en + more, zh: SENTENCES[problem].zh + more });
    this.problem = problem;
  }
}
