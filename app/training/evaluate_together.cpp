#include "app/training/evaluate_together.h"

#include "app/training/distributed/share.h"

namespace digitorch {

std::optional<Evaluation> evaluate_together(
    const StopCheck& stop,
    World& world,
    const LogitsOf& logits_of,
    const ImageDataset& dataset,
    const PicturesToEvaluate& pictures,
    const LossOptions& loss
) {
  const torch::Tensor& all = pictures.indices;
  if (world.size() == 1)
    return evaluate_until(
        stop, logits_of, dataset, all, kEvaluationBatch, loss
    );
  const Share own = share_of(all.numel(), world.rank(), world.size());
  const torch::Tensor logits = torch::zeros({all.numel(), pictures.classes});
  bool gives_up = false;
  if (own.count > 0) {
    const auto chosen = all.narrow(0, own.first, own.count);
    const auto part = evaluate_until(
        stop, logits_of, dataset, chosen, kEvaluationBatch, loss
    );
    gives_up = !part;
    if (part) logits.narrow(0, own.first, own.count).copy_(part->logits);
  }
  if (first_nonzero(world, gives_up ? 1 : 0) != 0) return std::nullopt;
  world.sum({logits});
  const torch::Tensor& known = dataset.labels();
  const auto labels = known.index_select(0, all.to(known.device()));
  Evaluation result = evaluation_of(logits, labels, loss);
  const torch::Tensor of_first = torch::tensor(result.loss, torch::kFloat64);
  world.copy_from_first({of_first});
  result.loss = of_first.item<double>();
  return result;
}

}  // namespace digitorch
