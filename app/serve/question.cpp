#include "app/serve/question.h"

#include <torch/utils.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>

#include "app/predict/answer_json.h"
#include "app/predict/page/page_answer.h"
#include "app/predict/second_look.h"
#include "app/serve/inference_protocol.h"
#include "app/serve/look.h"
#include "datasets/files/image_file.h"
#include "models/text/json_text.h"

namespace digitorch {
namespace {

using nlohmann::json;

/// The number that the query gives, 1..most, or `otherwise`.
int64_t query_number(
    const HttpRequest& request,
    const std::string& name,
    int64_t otherwise,
    int64_t most
) {
  const std::string text = query_value(request.query, name);
  if (text.empty()) return otherwise;
  const bool is_number = text.size() <= 9 && text.find_first_not_of("0123456789"
                                             ) == std::string::npos;
  const int64_t value = is_number ? std::stoll(text) : 0;
  if (value < 1 || value > most)
    throw std::runtime_error(
        name + ": expected a whole number from 1 to " + std::to_string(most)
    );
  return value;
}

bool query_switch(const HttpRequest& request, const std::string& name) {
  const std::string text = query_value(request.query, name);
  if (text == "1" || text == "true") return true;
  if (text.empty() || text == "0" || text == "false") return false;
  throw std::runtime_error(name + ": expected 1 or 0");
}

/// Holds one of the slots while it lives.
class Slot {
 public:
  explicit Slot(std::counting_semaphore<>& slots) : slots_(slots) {
    slots_.acquire();
  }
  ~Slot() { slots_.release(); }
  Slot(const Slot&) = delete;
  Slot& operator=(const Slot&) = delete;

 private:
  std::counting_semaphore<>& slots_;
};

/// Ranks the classes of pictures by the network that began with the request.
PictureClassifier classifier_of(const Answerer& by) {
  return [&by](const std::vector<Preprocessed>& pictures) {
    if (pictures.empty()) return std::vector<Prediction>{};
    const torch::Tensor logits = by.queue.infer(
        by.model, to_images(pictures, by.model->classifier->input())
    );
    return rank(logits, pictures, by.rank);
  };
}

json answer_page(const std::string& file, const Answerer& by) {
  const InputFormat& input = by.model->classifier->input();
  if (!input.is_ink())
    throw std::runtime_error(
        "page: the network takes " + description(input) +
        "; expected one for ink, which reads the digits of a page"
    );
  const Slot slot(by.decoding);
  const Image page = decode_image(file, "the picture");
  std::vector<ReadDigit> digits =
      read_digits(page.pixels, classifier_of(by), by.model->class_names);
  enlarge_boxes(digits, page.reduction);
  return page_json(digits);
}

/// The picture's answer. A second look at a doubtful one is prepared without a
/// slot, since it is small.
SeenDigit see(const std::string& file, const Answerer& by) {
  std::optional<Slot> slot(by.decoding);
  const cv::Mat pixels = decode_image(file, "the picture").pixels;
  const InputFormat& input = by.model->classifier->input();
  SeenDigit first = first_look(pixels, input);
  slot.reset();
  const PictureClassifier classify = classifier_of(by);
  first.prediction = classify({first.picture}).front();
  if (!is_doubtful(first.prediction, input)) return first;
  return look_again(std::move(first), pixels, classify);
}

json answer_digit(
    const std::string& file,
    const Answerer& by,
    const LookWish& wish,
    int64_t count
) {
  const auto [sight, picture, answer] = see(file, by);
  json result = answer_json(answer, by.model->class_names, count);
  result["no_digit"] = answer.no_digit;
  if (wish.any())
    by.queue.run([&, &pixels = picture.pixels, label = answer.label()] {
      result["look"] = look_inside(*by.model->classifier, pixels, label, wish);
    });
  return result;
}

const char* kind_of(const json& answer) {
  if (answer["blank"].get<bool>()) return "blank";
  return answer["unsure"].get<bool>() ? "unsure" : "sure";
}

HttpResponse json_response(const json& body) {
  HttpResponse response;
  // Class names come from a file and may be no UTF-8.
  response.body = dump_lenient(body);
  return response;
}

}  // namespace

HttpResponse answer_picture(
    const HttpRequest& request, const Answerer& by, ServiceMetrics& metrics
) {
  const auto classes = static_cast<int64_t>(by.model->class_names.size());
  const int64_t count = query_number(request, "top_k", 1, classes);
  const LookWish wish = read_look_wish(query_value(request.query, "look"));
  const bool page = query_switch(request, "page");
  if (page) return json_response(answer_page(request.body, by));
  const json answer = answer_digit(request.body, by, wish, count);
  metrics.answer(kind_of(answer));
  return json_response(answer);
}

HttpResponse answer_tensors(
    const HttpRequest& request,
    const Answerer& by,
    const std::string& model_name
) {
  const InputFormat& input = by.model->classifier->input();
  InferenceRequest call =
      read_inference_request(request.body, request.json_length, input);
  const torch::Tensor images =
      torch::from_blob(call.pixels.data(), input.sizes(call.images));
  const torch::Tensor logits = by.queue.infer(by.model, images);
  std::vector<OutputTensor> tensors;
  for (const RequestedOutput& output : call.outputs) {
    const torch::Tensor values =
        output.name == "logits"
            ? logits
            : logits.to(torch::kFloat64).softmax(1).to(torch::kFloat32);
    const float* from = values.const_data_ptr<float>();
    tensors.push_back(
        {output.name, values.size(1), {from, from + values.numel()}}
    );
  }
  return inference_response(model_name, call, tensors);
}

}  // namespace digitorch
