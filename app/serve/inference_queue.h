// The one thread that runs the network of a server. A request that comes while
// it is idle is computed at once; those that come while it computes are
// computed together after that.
#pragma once

#include <torch/types.h>

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "models/networks/classifier.h"

namespace digitorch {

/// A network that answers requests. It is replaced as a whole: requests keep
/// the one they began with.
struct ServedModel {
  std::unique_ptr<Classifier> classifier;  ///< In evaluation mode.
  std::vector<std::string> class_names;
  std::string name;    ///< The file, or "shipped".
  std::string digest;  ///< SHA-256 of the file in hex; empty for TorchScript.
};

struct InferenceQueueOptions {
  int64_t batch = 64;  ///< Images computed at once.
  int threads = 1;     ///< Of a batch of many images: see kManyImages.
  torch::Device device = torch::kCPU;
  std::function<void(int64_t images)> on_batch;
};

class InferenceQueue {
 public:
  explicit InferenceQueue(InferenceQueueOptions);
  /// Finishes what is queued.
  ~InferenceQueue();
  InferenceQueue(const InferenceQueue&) = delete;
  InferenceQueue& operator=(const InferenceQueue&) = delete;

  /// Waits for the logits, float [N, classes] on the CPU, of images, float
  /// [N, C, H, W] in 0..1. For threads other than the queue's. Throws what
  /// computing throws.
  torch::Tensor infer(std::shared_ptr<ServedModel>, torch::Tensor images);

  /// Runs `work` on the queue's thread and waits for it: a look inside the
  /// network needs it alone. Throws what `work` throws.
  void run(const std::function<void()>& work);

  std::size_t waiting() const;

 private:
  struct Job {
    std::shared_ptr<ServedModel> model;  // null where there is `work`
    torch::Tensor images;
    std::shared_ptr<std::promise<torch::Tensor>> logits;
    std::function<void()> work;
  };

  void add(Job);
  void serve();
  std::vector<Job> next_batch();
  void compute(std::vector<Job>&);

  const InferenceQueueOptions options_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Job> jobs_;
  bool stop_ = false;
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace digitorch
