#include "app/serve/inference_queue.h"

#include <ATen/Parallel.h>
#include <torch/utils.h>

#include <utility>

#include "models/kernels/share_work.h"

namespace digitorch {
InferenceQueue::InferenceQueue(InferenceQueueOptions options)
    : options_(std::move(options)), thread_([this] { serve(); }) {}

InferenceQueue::~InferenceQueue() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void InferenceQueue::add(Job job) {
  {
    const std::lock_guard lock(mutex_);
    jobs_.push_back(std::move(job));
  }
  wake_.notify_one();
}

torch::Tensor InferenceQueue::infer(
    std::shared_ptr<ServedModel> model, torch::Tensor images
) {
  const auto logits = std::make_shared<std::promise<torch::Tensor>>();
  add({.model = std::move(model), .images = std::move(images), .logits = logits}
  );
  return logits->get_future().get();
}

void InferenceQueue::run(const std::function<void()>& work) {
  std::packaged_task<void()> task(work);
  add({.work = [&task] { task(); }});
  task.get_future().get();
}

std::size_t InferenceQueue::waiting() const {
  const std::lock_guard lock(mutex_);
  return jobs_.size();
}

void InferenceQueue::serve() {
  at::set_num_threads(options_.threads);
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait(lock, [this] { return stop_ || !jobs_.empty(); });
    if (jobs_.empty()) return;
    std::vector<Job> batch = next_batch();
    lock.unlock();
    if (batch.front().work)
      batch.front().work();
    else
      compute(batch);
    batch.clear();  // frees images before the lock is taken
    lock.lock();
  }
}

/// The next work alone, or images for the same network as far as a batch takes
/// them.
std::vector<InferenceQueue::Job> InferenceQueue::next_batch() {
  std::vector<Job> batch;
  int64_t images = 0;
  do {
    images += jobs_.front().work ? 0 : jobs_.front().images.size(0);
    batch.push_back(std::move(jobs_.front()));
    jobs_.pop_front();
  } while (!jobs_.empty() && !batch.front().work && !jobs_.front().work &&
           jobs_.front().model == batch.front().model &&
           images + jobs_.front().images.size(0) <= options_.batch);
  return batch;
}

void InferenceQueue::compute(std::vector<Job>& batch) {
  torch::Tensor logits;
  try {
    const c10::InferenceMode no_gradients;
    std::vector<torch::Tensor> parts;
    for (const Job& job : batch) parts.push_back(job.images);
    const torch::Tensor images =
        parts.size() == 1 ? parts.front() : torch::cat(parts);
    const OnThisThread threads(images.size(0) < kManyImages);
    if (options_.on_batch) options_.on_batch(images.size(0));
    logits = batch.front()
                 .model->classifier->forward(images.to(options_.device))
                 .to(torch::kCPU, torch::kFloat32)
                 .contiguous();
  } catch (...) {
    for (Job& job : batch) job.logits->set_exception(std::current_exception());
    return;
  }
  int64_t first = 0;
  for (Job& job : batch) {
    const int64_t size = job.images.size(0);
    // Each request has memory of its own, which its thread frees.
    job.logits->set_value(logits.narrow(0, first, size).clone());
    first += size;
  }
}

}  // namespace digitorch
