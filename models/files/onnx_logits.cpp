#include "models/files/onnx_logits.h"

#include <opencv2/dnn.hpp>
#include <vector>

namespace digitorch {
namespace {

constexpr int64_t kBatch = 256;  // for memory that does not grow with N

std::vector<int> sizes_of(const torch::Tensor& tensor) {
  return {tensor.sizes().begin(), tensor.sizes().end()};
}

torch::Tensor copy_of(const cv::Mat& mat) {
  const std::vector<int64_t> sizes(mat.size.p, mat.size.p + mat.dims);
  return torch::from_blob(mat.data, sizes, torch::kFloat32).clone();
}

}  // namespace

torch::Tensor onnx_logits(
    const std::string& bytes, const torch::Tensor& images
) {
  cv::dnn::Net net = cv::dnn::readNetFromONNX(bytes.data(), bytes.size());
  std::vector<torch::Tensor> answers;
  for (const torch::Tensor& part : images.cpu().contiguous().split(kBatch)) {
    net.setInput(cv::Mat(sizes_of(part), CV_32F, part.data_ptr()));
    answers.push_back(copy_of(net.forward()));
  }
  return at::cat(answers).to(images.device());
}

}  // namespace digitorch
