// The one thread that runs the network of a server. Requests that wait at the
// same time are computed together, which costs little more than one alone.
#pragma once

#include <torch/types.h>

#include <chrono>
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
  /// How long the first request of a batch waits for others that are announced.
  std::chrono::microseconds gather{1000};
  int threads = 1;  ///< Of a batch of many images: see few_images.h.
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

  /// While an Announcement lives, a request is being prepared or waits in the
  /// queue. A batch waits a moment for those that are not in the queue yet.
  class Announcement {
   public:
    explicit Announcement(InferenceQueue& queue);
    ~Announcement();
    Announcement(const Announcement&) = delete;
    Announcement& operator=(const Announcement&) = delete;

   private:
    InferenceQueue& queue_;
  };

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
  std::vector<Job> next_batch(std::unique_lock<std::mutex>&);
  void compute(std::vector<Job>&);

  const InferenceQueueOptions options_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Job> jobs_;
  std::size_t announced_ = 0;
  bool stop_ = false;
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace digitorch
