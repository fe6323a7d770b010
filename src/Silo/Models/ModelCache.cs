using Microsoft.Extensions.Options;
using SlungOrleans.Contracts;
using SlungOrleans.Corpora;
using SlungOrleans.Silo.Artefacts;
using SlungOrleans.Silo.Hosting;
using SlungOrleans.Silo.Specifications;
using SlungOrleans.Silo.Workers;
using SlungOrleans.Storage;
using SlungOrleans.Training;

namespace SlungOrleans.Silo.Models;

/// <summary>
/// Models of runs in memory, as many as fit; the least recently asked goes first. Not safe for concurrent calls: for the thread of an
/// <see cref="AnswerQueue"/>.
/// </summary>
internal sealed class ModelCache(Datasets datasets, IEngine engine, IBlobStore store, IOptions<LabOptions> options) : IDisposable
{
    // The weights themselves, and once more in the order in which products read them. Pages of gradients and moments are never written.
    private const long BytesPerParameter = 2 * sizeof(float);

    // Most recently asked last.
    private readonly List<LoadedModel> _models = [];
    private BytePairTokenizer? _tokenizer;

    /// <summary>How many models are in memory.</summary>
    public int Count => _models.Count;

    /// <summary>A tokenizer by its hash; the last one is kept.</summary>
    public BytePairTokenizer Tokenizer(string hash) => _tokenizer?.Fingerprint == hash ? _tokenizer : _tokenizer = datasets.LoadTokenizer(hash);

    /// <summary>A run's model with the weights of its newest checkpoint. Not to be kept, nor disposed of.</summary>
    /// <exception cref="LabException">The run has no checkpoint, or the model is larger than the memory for models.</exception>
    public LoadedModel Get(string run, RunSpecification specification)
    {
        var checkpoints = new CheckpointStore(store, ArtefactNames.Checkpoints(run));
        var newest = checkpoints.ListAsync().GetAwaiter().GetResult().FirstOrDefault() ?? throw new LabException($"Run '{run}' has no checkpoint yet.");
        var index = _models.FindIndex(model => model.Run == run);
        if (index >= 0)
        {
            var model = _models[index];
            _models.RemoveAt(index);
            if (model.Newest == newest.Weights.Sha256)
            {
                _models.Add(model);
                return model;
            }

            model.Model.Dispose();
        }

        var loaded = Load(run, specification, checkpoints, newest.Weights.Sha256);
        _models.Add(loaded);
        return loaded;
    }

    public void Dispose()
    {
        _models.ForEach(model => model.Model.Dispose());
        _models.Clear();
    }

    private LoadedModel Load(string run, RunSpecification specification, CheckpointStore checkpoints, string newest)
    {
        var tokenizer = Tokenizer(specification.Tokenizer);
        var model = engine.Create(TrainingMapping.ToModel(specification.Model, tokenizer.VocabularySize), threads: 1);
        tokenizer = tokenizer.PaddedTo(model.Description.VocabularySize);
        try
        {
            var bytes = model.Parameters.Sum(parameter => parameter.Length) * BytesPerParameter;
            MakeRoom(run, bytes);
            using var hold = new CheckpointHold(checkpoints, $"ask-{Guid.NewGuid():N}");
            var manifest = hold.LoadWeights(model) ?? throw new LabException($"Run '{run}' has no checkpoint that is whole.");
            return new LoadedModel(run, model, tokenizer, manifest.Step, newest, bytes);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private void MakeRoom(string run, long bytes)
    {
        var budget = options.Value.ModelMemory;
        if (bytes > budget)
        {
            throw new LabException($"The model of run '{run}' takes {bytes} bytes, more than Lab:ModelMemory, which is {budget}.");
        }

        while (_models.Sum(model => model.Bytes) + bytes > budget)
        {
            _models[0].Model.Dispose();
            _models.RemoveAt(0);
        }
    }
}

/// <summary>A run's model in memory.</summary>
/// <param name="Run">The run.</param>
/// <param name="Model">The model.</param>
/// <param name="Tokenizer">Its tokenizer.</param>
/// <param name="Step">The step of the checkpoint that was loaded.</param>
/// <param name="Newest">SHA-256 of the weights of the newest checkpoint when it was loaded: that one, unless it is damaged.</param>
/// <param name="Bytes">Memory that it takes.</param>
internal sealed record LoadedModel(string Run, ILanguageModel Model, BytePairTokenizer Tokenizer, long Step, string Newest, long Bytes);
