#include "datasets/augment.h"

#include <gtest/gtest.h>

#include "datasets/generator.h"

namespace digitorch {
namespace {

torch::Tensor random_images(int64_t count) {
  return torch::rand({count, 1, 28, 28}, make_generator(1));
}

/// Black but for one pixel.
torch::Tensor dot(int64_t row, int64_t column) {
  torch::Tensor image = torch::zeros({1, 1, 28, 28});
  image[0][0][row][column] = 1;
  return image;
}

Distortion none() {
  return {
      .degrees = torch::zeros(1),
      .right = torch::zeros(1),
      .down = torch::zeros(1),
      .scale = torch::ones(1),
      .shear = torch::zeros(1)};
}

/// Row and column where a dot at (row, column) lies afterwards: the centre of
/// mass, since interpolation spreads it.
std::pair<double, double> moved(
    int64_t row, int64_t column, const Distortion& by
) {
  const torch::Tensor image = distort(dot(row, column), by)[0][0];
  const torch::Tensor steps = torch::arange(28, torch::kFloat32);
  const double mass = image.sum().item<double>();
  return {
      (image.sum(1) * steps).sum().item<double>() / mass,
      (image.sum(0) * steps).sum().item<double>() / mass};
}

void expect_at(
    std::pair<double, double> found,
    double row,
    double column,
    double tolerance = 1e-4
) {
  EXPECT_NEAR(found.first, row, tolerance);
  EXPECT_NEAR(found.second, column, tolerance);
}

TEST(DistortTest, MovesRightAndDown) {
  Distortion by = none();
  by.right = torch::full({1}, 3.0 / 28);
  by.down = torch::full({1}, 2.0 / 28);
  expect_at(moved(10, 12, by), 12, 15);
}

TEST(DistortTest, TurnsClockwiseAboutTheCentre) {
  Distortion by = none();
  by.degrees = torch::full({1}, 90.0);
  // The centre is at 13.5, so 8.5 above it becomes 8.5 to the right of it.
  expect_at(moved(5, 13, by), 13, 22);
}

TEST(DistortTest, ScalesAboutTheCentre) {
  Distortion by = none();
  by.scale = torch::full({1}, 2.0);
  expect_at(moved(10, 12, by), 13.5 - 2 * 3.5, 13.5 - 2 * 1.5);
}

TEST(DistortTest, SlantsTheLowerHalfRightAndTheUpperLeft) {
  Distortion by = none();
  by.shear = torch::full({1}, 0.4);
  expect_at(moved(21, 13, by), 21, 13 + 0.4 * 7.5);
  expect_at(moved(6, 13, by), 6, 13 - 0.4 * 7.5);
}

TEST(DistortTest, SlantsThenScalesThenTurnsThenShifts) {
  Distortion by = none();
  by.shear = torch::full({1}, 0.5);
  by.scale = torch::full({1}, 1.5);
  by.degrees = torch::full({1}, 90.0);
  by.right = torch::full({1}, 2.0 / 28);
  // From the centre, as (x, y): (-0.5, 3.5), slanted (1.25, 3.5), scaled
  // (1.875, 5.25), turned (-5.25, 1.875), shifted (-3.25, 1.875).
  // Interpolating a dot at 1.5 times its size is not exactly symmetrical.
  expect_at(moved(17, 13, by), 13.5 + 1.875, 13.5 - 3.25, 0.15);
}

TEST(DistortTest, TreatsEachPictureOnItsOwn) {
  Distortion by = none();
  by.degrees = torch::tensor({0.F, 30.F});
  by.right = by.down = by.shear = torch::zeros(2);
  by.scale = torch::ones(2);
  const torch::Tensor image = random_images(1);
  const torch::Tensor both = distort(image.repeat({2, 1, 1, 1}), by);
  EXPECT_TRUE(both[0].allclose(image[0], 0, 1e-5));
  EXPECT_FALSE(both[1].allclose(image[0], 0, 0.1));
}

TEST(AugmentTest, ChangesNothingWithAllStrengthsZero) {
  const torch::Tensor images = random_images(8);
  const torch::Tensor same = augment(
      images,
      {.degrees = 0, .shift = 0, .scale = 0, .shear = 0},
      make_generator(1)
  );
  EXPECT_TRUE(same.allclose(images, 0, 1e-5));
}

TEST(AugmentTest, DependsOnTheGeneratorsStateAlone) {
  const torch::Tensor images = random_images(8);
  at::Generator generator = make_generator(1);
  const torch::Tensor state = generator.get_state();
  const torch::Tensor first = augment(images, {}, generator);
  torch::manual_seed(99);
  const torch::Tensor second = augment(images, {}, generator);
  EXPECT_FALSE(torch::equal(first, second));
  generator.set_state(state);
  EXPECT_TRUE(torch::equal(augment(images, {}, generator), first));
}

TEST(AugmentTest, ShiftsByNoMoreThanAskedForEitherWay) {
  constexpr int64_t kCount = 1000;
  const torch::Tensor shifted = augment(
      dot(14, 14).repeat({kCount, 1, 1, 1}),
      {.degrees = 0, .shift = 0.25, .scale = 0, .shear = 0},
      make_generator(1)
  );
  const torch::Tensor columns =
      (shifted.sum({1, 2}) * torch::arange(28)).sum(1);  // centres of mass
  EXPECT_GE(columns.min().item<double>(), 14 - 7 - 1e-3);
  EXPECT_LE(columns.max().item<double>(), 14 + 7 + 1e-3);
  EXPECT_LT(columns.min().item<double>(), 14 - 6.8);
  EXPECT_GT(columns.max().item<double>(), 14 + 6.8);
  EXPECT_NEAR(columns.mean().item<double>(), 14, 0.5);
}

TEST(AugmentTest, KeepsShapeTypeAndRange) {
  const torch::Tensor images = random_images(3);
  const torch::Tensor changed = augment(images, {}, make_generator(1));
  EXPECT_EQ(changed.sizes(), images.sizes());
  EXPECT_EQ(changed.scalar_type(), torch::kFloat32);
  EXPECT_GE(changed.min().item<float>(), 0);
  EXPECT_LE(changed.max().item<float>(), 1.0001F);
  EXPECT_THROW(
      augment(torch::zeros({1, 1, 28, 20}), {}, make_generator(1)), c10::Error
  );
}

}  // namespace
}  // namespace digitorch
