#include "app/training/evaluate_together.h"

#include "app/training/distributed/share.h"

namespace digitorch {

Evaluation evaluate_together(
    World& world,
    Classifier& model,
    const ImageDataset& dataset,
    const PicturesToEvaluate& pictures,
    const LossOptions& loss
) {
  const torch::Tensor& all = pictures.indices;
  if (world.size() == 1)
    return evaluate(model, dataset, all, kEvaluationBatch, loss);
  const Share own = share_of(all.numel(), world.rank(), world.size());
  const torch::Tensor logits = torch::zeros({all.numel(), pictures.classes});
  if (own.count > 0) {
    const auto chosen = all.narrow(0, own.first, own.count);
    const Evaluation part =
        evaluate(model, dataset, chosen, kEvaluationBatch, loss);
    logits.narrow(0, own.first, own.count).copy_(part.logits);
  }
  world.sum({logits});
  const auto labels = dataset.labels().index_select(0, all.to(model.device()));
  Evaluation result = evaluation_of(logits, labels, loss);
  const torch::Tensor of_first = torch::tensor(result.loss, torch::kFloat64);
  world.copy_from_first({of_first});
  result.loss = of_first.item<double>();
  return result;
}

}  // namespace digitorch
