// An ONNX file of this program, run by OpenCV.
#pragma once

#include <torch/types.h>

#include <string>

namespace digitorch {

/// The logits of the network in `bytes`, which export_onnx() made, computed on
/// the CPU and returned on the device of the images, which are as
/// Classifier::forward takes them. Throws cv::Exception for bytes that OpenCV
/// does not read.
torch::Tensor onnx_logits(
    const std::string& bytes, const torch::Tensor& images
);

}  // namespace digitorch
