#include "app/training/gradient_flow.h"

#include <algorithm>
#include <cmath>

#include "app/training/data_facts.h"
#include "app/training/trainer.h"
#include "models/spec.h"

namespace digitorch {
namespace {

constexpr double kVanishedBelow = 0.01;

/// Reads the gradients that each step leaves in the model.
class Watch : public TrainObserver {
 public:
  Watch(
      const GradientFlowOptions& options,
      const Classifier& model,
      const std::function<bool()>& should_stop
  )
      : options_(options), model_(model), should_stop_(should_stop) {}

  void step_done(const StepReport&) override {
    const std::vector<torch::Tensor> gradients = model_.gradients();
    std::vector<double> now;  // a layer's weights are followed by its biases
    for (size_t i = 0; i + 1 < gradients.size(); i += 2)
      now.push_back(std::hypot(
          gradients[i].norm().item<double>(),
          gradients[i + 1].norm().item<double>()
      ));
    sums_.resize(now.size());
    for (size_t l = 0; l < now.size(); ++l) sums_[l] += now[l];
    ++step_;
    if (step_ % options_.interval == 0 || step_ == options_.steps) record();
  }

  bool should_stop() override {
    return step_ == options_.steps || should_stop_();
  }

  std::vector<int64_t> steps;
  std::vector<double> norms;  // records x layers

 private:
  void record() {
    const int64_t before = steps.empty() ? 0 : steps.back();
    for (double& sum : sums_) {
      norms.push_back(sum / static_cast<double>(step_ - before));
      sum = 0;
    }
    steps.push_back(step_);
  }

  const GradientFlowOptions& options_;
  const Classifier& model_;
  const std::function<bool()>& should_stop_;
  int64_t step_ = 0;
  std::vector<double> sums_;
};

/// The options of the trainer, with enough epochs for options.steps.
TrainOptions long_enough(const GradientFlowOptions& options, int64_t pictures) {
  TrainOptions train = options.train;
  train.graph = false;  // the gradients of every step are read
  const int64_t steps_per_epoch =
      std::max<int64_t>(1, pictures / train.batch_size);
  train.epochs = options.steps / steps_per_epoch + 1;
  return train;
}

}  // namespace

torch::Tensor GradientFlow::mean_norms() const {
  torch::Tensor weights = torch::empty({norms.size(0), 1}, torch::kFloat64);
  int64_t before = 0;
  for (size_t i = 0; i < steps.size(); ++i) {
    weights[static_cast<int64_t>(i)] = static_cast<double>(steps[i] - before);
    before = steps[i];
  }
  return (norms * weights).sum(0) / weights.sum();
}

double GradientFlow::ratio() const {
  const torch::Tensor means = mean_norms();
  return means[0].item<double>() / means[-1].item<double>();
}

bool GradientFlow::vanishes() const { return ratio() < kVanishedBelow; }

GradientFlow measure_gradient_flow(
    const GradientFlowOptions& options,
    const ImageSet& digits,
    torch::Device device,
    const std::function<bool()>& should_stop
) {
  torch::manual_seed(static_cast<uint64_t>(options.train.seed));
  const PixelStatistics pixels = pixel_statistics(digits);
  const auto model = make_model(
      {.network = options.network,
       .classes = static_cast<int64_t>(digits.class_names.size()),
       .mean = pixels.mean,
       .std_dev = pixels.std_dev,
       .input = digits.format()}
  );
  model->to(device);
  Trainer trainer(*model, digits, long_enough(options, digits.size()));
  Watch watch(options, *model, should_stop);
  trainer.run(watch);
  const auto layers = static_cast<int64_t>(options.network.hidden.size()) + 1;
  GradientFlow flow{
      .network = options.network,
      .steps = watch.steps,
      .norms =
          torch::tensor(watch.norms, torch::kFloat64).reshape({-1, layers})};
  if (!trainer.steps().empty()) flow.loss = trainer.steps().back().loss;
  return flow;
}

}  // namespace digitorch
