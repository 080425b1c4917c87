using Bitloom.Compiler;
using Bitloom.Compiler.Graph;
using Bitloom.Import.Architectures;

namespace Bitloom.Training.Recipes;

/// <summary>Sizes of a ResNet that names the class of a picture, alone at one resolution or as DRNet at the one that a predictor chooses.</summary>
/// <param name="Classes">Scores of the result.</param>
/// <param name="Blocks">Residual blocks of the stages, of two 3 x 3 convolutions each.</param>
/// <param name="Stem">Rows and columns of the first kernel.</param>
/// <param name="Resolutions">Heights and widths that the picture is resized to; empty for the patch's.</param>
/// <param name="Predictor">DRNet's predictor; null for a network of one resolution.</param>
public sealed record ClassifierRecipe(int Classes, EquatableArray<int> Blocks, int Stem, EquatableArray<int> Resolutions, PredictorRecipe? Predictor)
{
    /// <summary>The network with first weights, for pictures of the recipe's patch.</summary>
    internal NetworkGraph Build(Recipe recipe, int channels, WeightSource weights)
    {
        var classifier = new ResNet(Blocks, IsBottleneck: false, Classes, Width: channels, Stem: Stem);
        int patch = recipe.Data.Patch;
        if (Predictor is not null)
            return new DrNet(DrNet.CreatePredictor(Resolutions.Count, Predictor.Channels, Predictor.Stem), classifier, Resolutions, Predictor.Size, patch).Build(recipe.Name, recipe.Description, weights);

        var layers = new ClassifierLayers(new NetworkBuilder(weights), weights);
        string image = layers.Resized("input", patch, Resolutions.Count > 0 ? Resolutions[0] : patch);
        return layers.Finish(recipe.Name, recipe.Description, patch, classifier.Append(layers, image));
    }
}

/// <summary>DRNet's predictor, a ResNet of one basic block a stage.</summary>
/// <param name="Size">Height and width of the picture that it sees.</param>
/// <param name="Channels">Channels of its stem.</param>
/// <param name="Stem">Rows and columns of its first kernel.</param>
public sealed record PredictorRecipe(int Size, int Channels, int Stem);

/// <summary>How DRNet's choice is trained.</summary>
/// <param name="Eta">Weight of the price of operations.</param>
/// <param name="Target">
/// Mean operations of a picture, the predictor's included, that cost nothing: a share of those of the most expensive resolution without
/// a predictor.
/// </param>
/// <param name="Temperature">The lower, the harder the soft choice.</param>
/// <param name="Noise">What Gumbel noise is multiplied by at the start; it falls along a line to 0 at three quarters of the run.</param>
/// <param name="EveryResolution">Share of the mean cross-entropy over all resolutions, 0 to 1; the rest is that of the chosen one.</param>
public sealed record GatingRecipe(float Eta, float Target, float Temperature, float Noise, float EveryResolution);
