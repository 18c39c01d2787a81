/** By which onnxruntime may run a model, with the names that it has for them; which of them there are is for the machine to say. */
export const INFERENCE_PROVIDERS = ['cpu', 'xnnpack', 'openvino', 'cuda', 'coreml'] as const;
export type InferenceProvider = (typeof INFERENCE_PROVIDERS)[number];
