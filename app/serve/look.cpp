#include "app/serve/look.h"

#include <sstream>
#include <stdexcept>

#include "app/evaluation/examine.h"
#include "app/report/drawing/base64.h"
#include "datasets/prepare.h"

namespace digitorch {
namespace {

/// float of any shape, scaled so that its smallest value or 0, whichever is
/// less, becomes 0 and its largest 255.
std::string as_bytes(const torch::Tensor& values) {
  const float low = std::min(values.min().item<float>(), 0.F);
  const float high = values.max().item<float>();
  const torch::Tensor scaled =
      high > low ? (values - low) * (255 / (high - low)) : values - values;
  const torch::Tensor bytes = scaled.round().to(torch::kUInt8).contiguous();
  return base64(
      {reinterpret_cast<const char*>(bytes.const_data_ptr<uint8_t>()),
       static_cast<std::size_t>(bytes.numel())}
  );
}

nlohmann::json layer_json(
    const std::string& name, const torch::Tensor& output
) {
  const bool flat = output.dim() == 1;
  return {
      {"name", name},
      {"channels", output.size(0)},
      {"height", flat ? 1 : output.size(1)},
      {"width", flat ? 1 : output.size(2)},
      {"values", as_bytes(output)}};
}

}  // namespace

LookWish read_look_wish(const std::string& list) {
  LookWish wish;
  std::istringstream words(list);
  for (std::string word; std::getline(words, word, ',');) {
    if (word == "input")
      wish.input = true;
    else if (word == "saliency")
      wish.saliency = true;
    else if (word == "layers")
      wish.layers = true;
    else
      throw std::runtime_error("look: expected input, saliency or layers");
  }
  return wish;
}

nlohmann::json look_inside(
    Classifier& model,
    const cv::Mat& pixels,
    int64_t label,
    const LookWish& wish
) {
  nlohmann::json look = nlohmann::json::object();
  const torch::Tensor image = to_tensor(pixels);
  if (wish.input)
    look["input"] = base64(
        {reinterpret_cast<const char*>(image.const_data_ptr<uint8_t>()),
         static_cast<std::size_t>(image.numel())}
    );
  if (wish.saliency) look["saliency"] = as_bytes(saliency(model, image, label));
  if (wish.layers) {
    look["layers"] = nlohmann::json::array();
    for (const auto& [name, output] : layer_outputs(model, image))
      look["layers"].push_back(layer_json(name, output));
  }
  return look;
}

}  // namespace digitorch
