#include "models/files/export_state_dict.h"

#include "models/files/json_text.h"
#include "models/files/safetensors.h"

namespace digitorch {

std::string export_state_dict(
    const Checkpoint& checkpoint, const std::string& checkpoint_sha256
) {
  return encode(SafeTensors{
      .tensors = checkpoint.weights,
      .metadata = {
          {"format", "pt"},  // what Python's libraries expect of torch tensors
          {"spec", dump_lenient(to_json(checkpoint.spec))},
          {"class_names", dump_lenient(checkpoint.class_names)},
          {"checkpoint_sha256", checkpoint_sha256}}});
}

double state_dict_difference(
    const std::string& bytes, Classifier& original, const torch::Tensor& images
) {
  const torch::NoGradGuard no_grad;
  const std::string name = "state dict";
  const SafeTensors file = decode_safetensors(bytes, name);
  const auto model = make_model(
      spec_from_json(parse_strict(file.metadata.at("spec"), name), name)
  );
  load_state_dict(*model, file.tensors, name);
  model->to(original.device());
  model->train(false);
  return (model->forward(images) - original.forward(images))
      .abs()
      .max()
      .item<double>();
}

}  // namespace digitorch
