// What every optimiser offers, and the table of all optimisers. They work on
// any network that shows its parameters and gradients, whether autograd or code
// written by hand computes these.
#pragma once

#include <torch/types.h>

#include <memory>
#include <string>
#include <vector>

#include "app/training/optimizers/step_number.h"
#include "models/networks/classifier.h"

namespace digitorch {

struct OptimizerOptions {
  std::string kind = "adamw";  ///< One of optimizers().
  /// The decay of the mean of the gradients: OptimizerKind::momentum says what
  /// each optimiser calls it. 0 <= momentum < 1.
  double momentum = 0.9;
  /// The decay of the mean of the squared gradients: OptimizerKind::beta2 says
  /// what each optimiser calls it. 0 <= beta2 < 1.
  double beta2 = 0.999;
  /// Pulls the weights towards zero. OptimizerKind::decouples_weight_decay says
  /// in which of the two ways.
  double weight_decay = 0.02;
};

class Optimizer {
 public:
  /// step() changes the parameters in place.
  Optimizer(const OptimizerOptions&, NamedTensors parameters);
  Optimizer(const Optimizer&) = delete;
  Optimizer& operator=(const Optimizer&) = delete;
  virtual ~Optimizer() = default;

  /// Moves the parameters once. `gradients` holds one for each parameter, in
  /// their order.
  virtual void step(
      const std::vector<torch::Tensor>& gradients, const StepNumber& lr
  ) = 0;

  /// What a later step depends on, under names such as "exp_avg.<parameter>".
  /// The tensors are the optimiser's own: writing to them in place restores it.
  const NamedTensors& state() const { return state_; }

 protected:
  const OptimizerOptions& options() const { return options_; }
  const std::vector<torch::Tensor>& parameters() const { return parameters_; }

  /// One tensor of zeros for each parameter, of its shape, which state() lists
  /// under "<name>.<parameter>".
  std::vector<torch::Tensor> add_state(const std::string& name);
  /// The same with one float32 scalar for each parameter.
  std::vector<torch::Tensor> add_scalar_state(const std::string& name);

 private:
  OptimizerOptions options_;
  NamedTensors named_;
  std::vector<torch::Tensor> parameters_;
  NamedTensors state_;
};

/// A row of the table of optimisers.
struct OptimizerKind {
  std::string name;  ///< As --optimizer takes it.
  std::string help;  ///< See choices.h.
  /// What the optimiser calls OptimizerOptions::momentum; empty where it has no
  /// such number.
  std::string momentum;
  /// What the optimiser calls OptimizerOptions::beta2; empty where it has no
  /// such number.
  std::string beta2;
  /// True where weight decay shrinks the weights themselves (Loshchilov and
  /// Hutter, "Decoupled Weight Decay Regularization", 2019). False where it
  /// adds an L2 term to the gradient.
  bool decouples_weight_decay = false;
  /// The weight decay of runs that do not name one.
  double default_weight_decay = 0;
  std::unique_ptr<Optimizer> (*make)(const OptimizerOptions&, NamedTensors);
};

/// All optimisers, in the order in which the help names them.
const std::vector<OptimizerKind>& optimizers();

bool is_optimizer(const std::string& name);

/// Throws std::logic_error where the table has no such name.
const OptimizerKind& optimizer_named(const std::string& name);

/// Throws std::logic_error where optimizers() has no row for
/// options.kind.
std::unique_ptr<Optimizer> make_optimizer(
    const OptimizerOptions&, NamedTensors parameters
);

}  // namespace digitorch
