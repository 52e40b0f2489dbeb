// The work behind the two paths that run the network: one picture, or images as
// tensors. For worker threads: these functions wait for the network.
#pragma once

#include <memory>
#include <semaphore>

#include "app/predict/predictor.h"
#include "app/serve/http/message.h"
#include "app/serve/inference_queue.h"
#include "app/serve/service_metrics.h"

namespace digitorch {

/// What answers a question.
struct Answerer {
  InferenceQueue& queue;
  /// Decoding takes memory and a processor: as many pictures at once as it has
  /// slots.
  std::counting_semaphore<>& decoding;
  std::shared_ptr<ServedModel> model;
  RankOptions rank;
};

/// POST /classify: the body is a picture file. Query: page=1 reads a page of
/// many digits; top_k=N lists N answers; look=input,saliency,layers adds a look
/// inside the network. The response is the JSON of `digitorch classify --format
/// json` without the path. Throws std::runtime_error for bad input.
HttpResponse
answer_picture(const HttpRequest&, const Answerer&, ServiceMetrics&);

/// POST /v2/models/NAME/infer, as in inference_protocol.h. Throws
/// std::runtime_error for bad input.
HttpResponse answer_tensors(
    const HttpRequest&, const Answerer&, const std::string& model_name
);

}  // namespace digitorch
