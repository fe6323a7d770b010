using System.Globalization;

namespace SlungOrleans.Training;

/// <summary>All that a run's numbers depend on, by name: a checkpoint goes on only where they are the same.</summary>
internal static class RunSettings
{
    internal static IReadOnlyDictionary<string, string> Of(TrainingRequest request)
    {
        ModelDescription model = request.Model;
        TrainingSettings training = request.Settings;
        var settings = new SortedDictionary<string, string>(StringComparer.Ordinal);
        Add("data.name", request.DataName);
        Add("data.sequences", request.Data.Count);
        Add("data.sequence-length", request.Data.SequenceLength);
        Add("loss.end-of-text", request.Routing[0]);
        Add("loss.benign", request.Routing[1]);
        Add("loss.middle", request.Routing[2]);
        Add("loss.high-risk", request.Routing[3]);
        Add("model.vocabulary-size", model.VocabularySize);
        Add("model.hidden-size", model.HiddenSize);
        Add("model.layers", model.Layers);
        Add("model.heads", model.Heads);
        Add("model.feed-forward-size", model.FeedForwardSize);
        Add("model.maximum-sequence-length", model.MaximumSequenceLength);
        Add("model.norm", model.Norm);
        Add("model.norm-epsilon", model.NormEpsilon);
        Add("model.rotary-base", model.RotaryBase);
        Add("model.tied-embeddings", model.TiedEmbeddings);
        Add("seed", request.Seed);

        // Steps beyond the schedule's do not change those before them, so a run can be continued.
        Add("training.steps", training.Span);
        Add("training.batch-size", training.BatchSize);
        Add("training.learning-rate", training.LearningRate);
        Add("training.warm-up-steps", training.WarmUpSteps);
        Add("training.schedule", training.Schedule);
        Add("training.final-learning-rate-share", training.FinalLearningRateShare);
        Add("training.beta-1", training.AdamW.Beta1);
        Add("training.beta-2", training.AdamW.Beta2);
        Add("training.epsilon", training.AdamW.Epsilon);
        Add("training.weight-decay", training.AdamW.WeightDecay);
        Add("training.clip-norm", training.ClipNorm);

        // Settings that came later are named only where they are not what they were before: older checkpoints do not name them.
        if (request.Routing.UnlikelihoodFloor != 0)
        {
            Add("loss.unlikelihood-floor", request.Routing.UnlikelihoodFloor);
        }

        if (!training.AttendAcrossDocuments)
        {
            Add("training.attend-across-documents", training.AttendAcrossDocuments);
        }

        if (!training.AdamW.DecayEmbeddings)
        {
            Add("training.decay-embeddings", training.AdamW.DecayEmbeddings);
        }

        if (request.Start is { } start)
        {
            Add("start.name", start.Name);
            Add("start.optimizer-steps", start.OptimizerSteps);
        }

        if (request.Engine.Capabilities.Precision != NumericPrecision.Single)
        {
            Add("engine.precision", request.Engine.Capabilities.Precision);
        }

        return settings;

        void Add<T>(string name, T value) => settings.Add(name, string.Create(CultureInfo.InvariantCulture, $"{value}"));
    }

    /// <exception cref="CheckpointMismatchException">The checkpoint was made with other settings; the message names them.</exception>
    internal static void EnsureSame(CheckpointManifest manifest, IReadOnlyDictionary<string, string> settings)
    {
        string[] differences =
        [
            .. from name in manifest.Settings.Keys.Union(settings.Keys).Order(StringComparer.Ordinal)
               let then = manifest.Settings.GetValueOrDefault(name, "nothing")
               let now = settings.GetValueOrDefault(name, "nothing")
               where then != now
               select $"{name} was {then} and is {now}",
        ];
        if (differences.Length > 0)
        {
            throw new CheckpointMismatchException(
                $"The checkpoint of step {manifest.Step} was made with other settings, so the run cannot go on from it: {string.Join("; ", differences)}.");
        }
    }
}
