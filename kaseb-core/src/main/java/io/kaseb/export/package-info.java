/// Models in other tools' forms: ONNX, and PyTorch's state dict as safetensors.
@NullMarked
package io.kaseb.export;

import org.jspecify.annotations.NullMarked;
