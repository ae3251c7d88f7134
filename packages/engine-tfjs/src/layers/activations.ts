import { add, clipByValue, div, mul, serialization, type Tensor, tanh, tidy } from '@tensorflow/tfjs-core'

const hardSigmoid = (x: Tensor): Tensor => div(clipByValue(add(x, 3), 0, 6), 6)

/** An activation that a layer names by its class. */
abstract class Activation extends serialization.Serializable {
  abstract apply(x: Tensor): Tensor

  getConfig(): serialization.ConfigDict {
    return {}
  }
}

/** relu6(x + 3) / 6; the `hardSigmoid` of LayersModel is that of Keras 2. */
export class HardSigmoid extends Activation {
  static readonly className = 'ConvzooHardSigmoid'
  apply = (x: Tensor): Tensor => tidy(() => hardSigmoid(x))
}

/** x · relu6(x + 3) / 6. */
export class HardSwish extends Activation {
  static readonly className = 'ConvzooHardSwish'
  apply = (x: Tensor): Tensor => tidy(() => mul(x, hardSigmoid(x)))
}

/** x / 2 · (1 + tanh(√(2 / π) · (x + 0.044715 · x³))). */
export class GeluTanh extends Activation {
  static readonly className = 'ConvzooGeluTanh'
  apply = (x: Tensor): Tensor =>
    tidy(() => {
      const cubic = add(x, mul(mul(mul(x, x), x), 0.044715))
      return mul(mul(x, 0.5), add(tanh(mul(cubic, Math.sqrt(2 / Math.PI))), 1))
    })
}
