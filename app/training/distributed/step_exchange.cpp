#include "app/training/distributed/step_exchange.h"

#include <mutex>

#include "app/system/stopwatch.h"
#include "datasets/generator.h"

namespace digitorch {

StepExchange::StepExchange(World& world, torch::Device device, uint64_t seed)
    : world_(world),
      device_(device),
      seed_(seed),
      wish_(torch::zeros({}, device)),
      totals_(torch::zeros({3}, device)) {}

void StepExchange::begin_step(int64_t step) {
  if (world_.size() == 1) return;
  const uint64_t of_step = mixed_seed(seed_, static_cast<uint64_t>(step));
  at::Generator generator = at::globalContext().defaultGenerator(device_);
  const std::lock_guard<std::mutex> lock(generator.mutex());
  generator.set_current_seed(
      mixed_seed(of_step, static_cast<uint64_t>(world_.rank()))
  );
}

BatchTotals StepExchange::run(const ShareResult& own) {
  const torch::NoGradGuard no_grad;
  torch::Tensor loss = torch::zeros_like(wish_);
  torch::Tensor correct = loss;
  if (own.labels.defined()) {
    loss = own.batch.loss.to(torch::kFloat32) * own.part;
    correct = own.batch.logits.argmax(1).eq(own.labels).sum();
  }
  const torch::Tensor mine =
      torch::stack({wish_, loss, correct.to(torch::kFloat32)});
  at::_foreach_mul_(own.gradients, own.part);
  std::vector<torch::Tensor> all = own.gradients;
  all.push_back(mine);
  const Stopwatch watch;
  world_.sum(all);
  seconds_ += watch.seconds();
  totals_.copy_(mine);
  return {.loss = totals_[1], .correct = totals_[2]};
}

bool StepExchange::stops(bool wish, bool look) {
  if (world_.size() == 1) return wish;
  if (wish != wished_) wish_.fill_(wish ? 1 : 0);
  wished_ = wish;
  const bool readable = device_.is_cpu() || look;
  return readable && totals_[0].item<float>() > 0;
}

}  // namespace digitorch
