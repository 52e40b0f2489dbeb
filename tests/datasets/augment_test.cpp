#include "datasets/augment.h"

#include <gtest/gtest.h>

#include "datasets/generator.h"
#include "tests/support/synthetic.h"

namespace digitorch {
namespace {

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

TEST(DistortTest, TurnsPicturesThatAreNotSquareWithoutStretchingThem) {
  // A row of four pixels in the middle becomes a column of four.
  torch::Tensor image = torch::zeros({1, 1, 12, 20});
  image.slice(2, 5, 7).slice(3, 8, 12).fill_(1);
  const torch::Tensor zero = torch::zeros({1});
  const torch::Tensor turned = distort(
      image,
      {.degrees = torch::full({1}, 90.0),
       .right = zero,
       .down = zero,
       .scale = torch::ones({1}),
       .shear = zero}
  );
  torch::Tensor expected = torch::zeros({1, 1, 12, 20});
  expected.slice(2, 4, 8).slice(3, 9, 11).fill_(1);
  EXPECT_TRUE(turned.allclose(expected, 1e-4, 1e-4));
}

TEST(DistortTest, RepeatsTheEdgeWhereThatIsAskedFor) {
  const torch::Tensor image = torch::full({1, 3, 10, 10}, 0.5);
  Distortion by{
      .degrees = torch::full({1}, 30.0),
      .right = torch::full({1}, 0.2),
      .down = torch::zeros({1}),
      .scale = torch::ones({1}),
      .shear = torch::zeros({1})};
  EXPECT_EQ(distort(image, by).min().item<float>(), 0);
  by.repeat_edge = true;
  EXPECT_NEAR(distort(image, by).min().item<float>(), 0.5, 1e-6);
}

TEST(AugmentationTest, PlainPicturesRepeatTheirEdgeAndDoNotWear) {
  const InputFormat colour{"plain", 3, 32, 32};
  EXPECT_FALSE(augmentation("affine")->repeat_edge);
  EXPECT_TRUE(augmentation("affine", colour)->repeat_edge);
  EXPECT_TRUE(augmentation("photos", colour)->photo->flip);
  EXPECT_FALSE(augmentation("photos-unmirrored", colour)->photo->flip);
  EXPECT_FALSE(augmentation("none", colour));
  EXPECT_THROW(augmentation("strong", colour), std::runtime_error);
}

TEST(DistortTest, TreatsEachPictureOnItsOwn) {
  Distortion by = none();
  by.degrees = torch::tensor({0.F, 30.F});
  by.right = by.down = by.shear = torch::zeros(2);
  by.scale = torch::ones(2);
  const torch::Tensor image = testing::noise_images(1);
  const torch::Tensor both = distort(image.repeat({2, 1, 1, 1}), by);
  EXPECT_TRUE(both[0].allclose(image[0], 0, 1e-5));
  EXPECT_FALSE(both[1].allclose(image[0], 0, 0.1));
}

TEST(DistortTest, TakesEachPointFromWhereTheElasticFieldSays) {
  Distortion by = none();
  by.elastic = torch::zeros({1, 2, 28, 28});
  by.elastic.select(1, 0).fill_(2);   // from 2 to the right of it
  by.elastic.select(1, 1).fill_(-3);  // and from 3 above it
  expect_at(moved(10, 12, by), 13, 10);
}

TEST(AugmentTest, ChangesNothingWithAllStrengthsZero) {
  const torch::Tensor images = testing::noise_images(8);
  const torch::Tensor same = augment(
      images,
      {.degrees = 0, .shift = 0, .scale = 0, .shear = 0},
      make_generator(1)
  );
  EXPECT_TRUE(same.allclose(images, 0, 1e-5));
}

TEST(AugmentTest, DependsOnTheGeneratorsStateAlone) {
  const torch::Tensor images = testing::noise_images(8);
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
  const torch::Tensor images = testing::noise_images(3);
  const torch::Tensor changed = augment(images, {}, make_generator(1));
  EXPECT_EQ(changed.sizes(), images.sizes());
  EXPECT_EQ(changed.scalar_type(), torch::kFloat32);
  EXPECT_GE(changed.min().item<float>(), 0);
  EXPECT_LE(changed.max().item<float>(), 1.0001F);
  const torch::Tensor colour = torch::rand({2, 3, 28, 20}, make_generator(2));
  EXPECT_EQ(augment(colour, {}, make_generator(1)).sizes(), colour.sizes());
  EXPECT_THROW(
      augment(torch::zeros({1, 28, 28}), {}, make_generator(1)), c10::Error
  );
}

/// All changes switched on, with no strength.
AugmentOptions weak() {
  return {
      .degrees = 0,
      .shift = 0,
      .scale = 0,
      .shear = 0,
      .wear = true,
      .elastic = 0,
      .thicker = 0,
      .thinner = 0,
      .blur = 0,
      .fading = 0,
      .noise = 0,
      .lines = 0,
      .specks = 0,
      .gaps = 0};
}

/// The largest change of each of many equal pictures.
torch::Tensor changes(const torch::Tensor& image, const AugmentOptions& by) {
  const torch::Tensor images = image.repeat({2000, 1, 1, 1});
  return (augment(images, by, make_generator(1)) - images)
      .abs()
      .amax({1, 2, 3});
}

double part_above(const torch::Tensor& values, double least) {
  return (values > least).to(torch::kFloat64).mean().item<double>();
}

TEST(WearTest, ChangesNothingWithAllStrengthsZero) {
  const torch::Tensor images = testing::noise_images(8);
  EXPECT_TRUE(
      augment(images, weak(), make_generator(1)).allclose(images, 0, 1e-5)
  );
}

TEST(WearTest, FadesSomePicturesEvenlyUpToTheMost) {
  AugmentOptions fading = weak();
  fading.fading = 0.6;
  const torch::Tensor lost = changes(dot(14, 14), fading);
  EXPECT_NEAR(part_above(lost, 1e-4), kWorn, 0.03);
  EXPECT_NEAR(part_above(lost, 0.3), kWorn / 2, 0.03);
  EXPECT_LE(lost.max().item<double>(), 0.6 + 1e-4);
}

TEST(WearTest, StrokesOfAllPicturesGrowOrShrink) {
  AugmentOptions stroke = weak();
  stroke.thicker = 1;
  stroke.thinner = 0.5;
  const torch::Tensor images = dot(14, 14).repeat({2000, 1, 1, 1});
  const torch::Tensor changed = augment(images, stroke, make_generator(1));
  const torch::Tensor beside = changed.select(2, 13).select(2, 13);
  EXPECT_NEAR(part_above(beside, 1e-4), 0.5, 0.04);
  EXPECT_NEAR(beside.max().item<double>(), 1, 0.01);
  // A dot shrinks to nothing, by half at most.
  const torch::Tensor centre = changed.select(2, 14).select(2, 14);
  EXPECT_NEAR(centre.min().item<double>(), 0.5, 0.01);
}

TEST(WearTest, LinesAndSpecksAddInkAndGapsTakeIt) {
  const torch::Tensor black = torch::zeros({1, 1, 28, 28});
  const torch::Tensor white = torch::ones({1, 1, 28, 28});
  AugmentOptions lines = weak();
  lines.lines = 0.8;
  EXPECT_NEAR(
      part_above(changes(black, lines), 1e-3),
      1 - (1 - kWorn) * (1 - kWorn),
      0.03
  );
  EXPECT_LE(changes(black, lines).max().item<double>(), 0.8 + 1e-4);
  EXPECT_LE(changes(white, lines).max().item<double>(), 1e-4);
  AugmentOptions specks = weak();
  specks.specks = 1;
  EXPECT_NEAR(part_above(changes(black, specks), 1e-3), kWorn, 0.03);
  AugmentOptions gaps = weak();
  gaps.gaps = 1;
  EXPECT_NEAR(part_above(changes(white, gaps), 1e-3), kWorn, 0.03);
  EXPECT_LE(changes(black, gaps).max().item<double>(), 1e-4);
}

TEST(WearTest, BlurAndNoiseTouchSomePicturesEach) {
  AugmentOptions blurred = weak();
  blurred.blur = 1.2;
  // Of a sigma up to 1.2, a thirtieth hardly leaves the pixel.
  EXPECT_NEAR(part_above(changes(dot(14, 14), blurred), 1e-3), kWorn, 0.06);
  AugmentOptions noisy = weak();
  noisy.noise = 0.15;
  EXPECT_NEAR(part_above(changes(dot(14, 14), noisy), 1e-3), kWorn, 0.03);
}

TEST(WearTest, BendsByAsMuchAsAskedFor) {
  AugmentOptions elastic = weak();
  elastic.elastic = 1;
  const torch::Tensor bent =
      augment(dot(14, 14).repeat({2000, 1, 1, 1}), elastic, make_generator(1));
  const torch::Tensor mass = bent.sum({1, 2, 3});
  const torch::Tensor column = (bent.sum({1, 2}) * torch::arange(28)).sum(1);
  const torch::Tensor kept = mass > 0.3;  // where the dot is not squeezed away
  const double deviation = (column / mass).index({kept}).std().item<double>();
  EXPECT_GT(deviation, 0.5);
  EXPECT_LT(deviation, 1.2);
}

TEST(WearTest, DependsOnTheGeneratorsStateAloneAndKeepsTheRange) {
  const torch::Tensor images = testing::noise_images(8);
  const AugmentOptions strong = *augmentation("strong");
  const torch::Tensor first = augment(images, strong, make_generator(1));
  torch::manual_seed(99);
  EXPECT_TRUE(torch::equal(augment(images, strong, make_generator(1)), first));
  EXPECT_FALSE(torch::equal(augment(images, strong, make_generator(2)), first));
  EXPECT_EQ(first.sizes(), images.sizes());
  EXPECT_GE(first.min().item<float>(), 0);
  EXPECT_LE(first.max().item<float>(), 1);
}

TEST(WearTest, DrawsWhatTheHeaderSays) {
  constexpr int64_t kCount = 3;
  const torch::Tensor images = testing::noise_images(kCount);
  at::Generator used = make_generator(1);
  augment(images, {.wear = true}, used);
  at::Generator same = make_generator(1);
  const torch::TensorOptions cpu;
  torch::rand({5, kCount}, same, cpu);
  torch::rand({4, kCount}, same, cpu);
  torch::randn({kCount, 2, 7, 7}, same, cpu);
  torch::rand({6, kCount, 1}, same, cpu);
  torch::rand({6, kCount, 1}, same, cpu);
  torch::rand({6, kCount, 2}, same, cpu);
  torch::randn({kCount, 1, 28, 28}, same, cpu);
  EXPECT_TRUE(torch::equal(used.get_state(), same.get_state()));
}

TEST(AugmentationTest, HasAffineWithoutWearAndNothingForNone) {
  EXPECT_FALSE(augmentation("none").has_value());
  EXPECT_FALSE(augmentation("affine")->wear);
  EXPECT_TRUE(augmentation("strong")->wear);
  for (const Augmentation& each : augmentations())
    EXPECT_EQ(augmentation(each.name).has_value(), each.options.has_value());
  EXPECT_THROW(augmentation("weak"), std::logic_error);
}

}  // namespace
}  // namespace digitorch
