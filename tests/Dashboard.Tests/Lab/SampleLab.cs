using System.Text.Json;
using SlungOrleans.Contracts;
using SlungOrleans.Evaluation;

namespace SlungOrleans.Dashboard.Tests.Lab;

/// <summary>A lab with a completed study, one under way, one that failed, corpora with invented text, and a busy pool.</summary>
internal static class SampleLab
{
    public static readonly DateTimeOffset Now = new(2026, 11, 20, 15, 0, 0, TimeSpan.Zero);

    public static readonly ImmutableArray<string> Arms = ["low-risk", "full", "masked", "unlikelihood"];

    /// <summary>A tagging job that is complete.</summary>
    public static readonly string TaggingJob = Identifiers.ForTaggingJob("invented-forum", new string('b', 64), "word-list");

    private const int Steps = 600;

    public static InMemoryLab Create(DateTimeOffset now)
    {
        var lab = new InMemoryLab();
        AddLauncher(lab);
        AddStudy(lab, "quick-start", StudyStage.Completed, now.AddHours(-3), now.AddHours(-2.2), _ => Steps);
        AddComparison(lab, "quick-start", SampleComparison.Create("quick-start", [1, 2, 3], [0.05, 0.1]));
        AddStudy(lab, "invented-slurs-sweep", StudyStage.Running, now.AddMinutes(-17), null, index => Math.Max(0, Steps - (index * 70)));
        AddStudy(lab, "wrong-path", StudyStage.Failed, now.AddDays(-2), now.AddDays(-2).AddSeconds(41), _ => 0);
        lab.Studies["wrong-path"] = lab.Studies["wrong-path"] with
        {
            Runs = [],
            Message = "Corpus 'forum': there is no file '/data/forum.jsonl'.",
        };
        AddCorpora(lab);
        AddTagging(lab, now);
        AddPool(lab);
        AddSettings(lab);
        return lab;
    }

    public static StudySpecification Specification(string name) => new()
    {
        Name = name,
        Description = "Four arms on an invented language with invented slurs: filtered out, left in, masked, unlikelihood.",
        Corpora = [new CorpusSpecification { Name = "invented-base" }, new CorpusSpecification { Name = "invented-forum" }],
        Data = new DataSpecification { Base = ["invented-base"], HighRisk = ["invented-forum"] },
        Arms =
        [
            new ArmSpecification { Name = "low-risk", Data = "filtered" },
            new ArmSpecification { Name = "full" },
            new ArmSpecification { Name = "masked", MaskedLabels = [2, 3] },
            new ArmSpecification { Name = "unlikelihood", UnlikelihoodLabels = [3] },
        ],
        Seeds = [1, 2, 3],
        Amounts = [0.05, 0.1],
        Training = new TrainingSpecification { Steps = Steps },
        Evaluation = new EvaluationSpecification { Recognition = ["invented-forum"] },
    };

    /// <summary>Continues a study to more steps, as the lab does: evaluations of its runs have other ids from then on.</summary>
    public static void Continue(InMemoryLab lab, string study, int steps)
    {
        var view = lab.Studies[study];
        lab.Studies[study] = view with { Specification = view.Specification! with { Training = view.Specification.Training with { Steps = steps, ScheduleSteps = Steps } } };
    }

    public static void AddComparison(InMemoryLab lab, string study, Comparison comparison)
    {
        lab.Artefacts[ArtefactNames.Comparison(study)] = ComparisonJson.Write(comparison);
        lab.Artefacts[ArtefactNames.Report(study)] = $"<!DOCTYPE html><title>{study}</title><p>Report of {study}.</p>";
        lab.Artefacts[ArtefactNames.Audit(study)] = JsonSerializer.Serialize(new
        {
            rows = Arms.SelectMany(arm => new[] { 1, 2, 3 }.Select(seed => new
            {
                arm,
                seed,
                amount = 0.05,
                sequences = 9600,
                tokens = 2_457_600,
                benign = 2_398_000 + (seed * 11),
                middle = arm == "low-risk" ? 0 : 21_733,
                highRisk = arm == "low-risk" ? 0 : 37_867,
                lossBearingTokens = arm == "masked" ? 2_398_000 : 2_457_600,
                dataset = string.Concat(Enumerable.Repeat($"{seed}a{arm.Length:x}f", 16)),
            })),
            faults = Array.Empty<string>(),
        });
    }

    private static void AddLauncher(InMemoryLab lab)
    {
        JsonStudies.Use(lab, Specification("quick-start"), Specification("sweep"));
        var characters = new long[ScoreHistogram.Bins];
        for (var bin = 0; bin < characters.Length; bin++)
        {
            characters[bin] = (long)((9000 * Math.Exp(-bin / 40.0)) + (2500 * Math.Exp((bin - ScoreHistogram.Bins) / 12.0)) + (bin % 7 * 3));
        }

        lab.Scores["invented-forum"] = new ScoreHistogram([.. characters], 3117, 974_400);
        lab.Speed = new TrainingSpeed(18_240, "the median of 24 runs of quick-start", 1);
        lab.Preview = study => new AuditPreview(
            [.. study.Arms.Select(arm => new AuditPreviewRow(arm.Name, arm.Data, 0.05, 9600, 480, 2_457_600, 2_398_456, arm.Data == "original" ? 21_733 : 0, arm.Data == "original" ? 37_867 : 0, arm.MaskedLabels.IsEmpty ? 2_457_600 : 2_398_456, 3801, 140, 0.61))],
            0.04,
            []);
    }

    private static void AddStudy(InMemoryLab lab, string name, StudyStage stage, DateTimeOffset launched, DateTimeOffset? ended, Func<int, long> stepOf)
    {
        var specification = Specification(name);
        var runs = ImmutableArray.CreateBuilder<RunSummary>();
        foreach (var arm in specification.Arms)
        {
            foreach (var amount in specification.Amounts)
            {
                foreach (var seed in specification.Seeds)
                {
                    var run = AddRun(lab, specification, arm, seed, amount, stepOf(runs.Count), launched, ended);
                    runs.Add(run);
                }
            }
        }

        lab.Studies[name] = new StudyView
        {
            Id = name,
            Specification = specification,
            Stage = stage,
            Launched = launched,
            Ended = ended,
            Runs = runs.ToImmutable(),
        };
    }

    private static RunSummary AddRun(
        InMemoryLab lab, StudySpecification study, ArmSpecification arm, int seed, double amount, long step, DateTimeOffset launched, DateTimeOffset? ended)
    {
        var id = Identifiers.ForRun(study.Name, arm.Name, seed, amount);
        var state = step == Steps ? WorkState.Completed : step > 0 ? WorkState.Running : WorkState.Queued;
        lab.Metrics[id] = [.. Enumerable.Range(1, (int)step).Select(at => Metric(at, arm, seed, amount))];
        var loss = step > 0 ? lab.Metrics[id][^1].Loss : double.NaN;
        var crashed = seed == 2 && step > 0;
        ImmutableArray<Attempt> attempts = step == 0 ? [] :
        [
            .. crashed
                ? [new Attempt { Epoch = 1, Worker = "5f0c2a7be91d4c55", Device = "cpu:0", Started = launched, Ended = launched.AddSeconds(95), Done = 218, Committed = 200, CommittedAt = launched.AddSeconds(83), UnitsLost = 18, TimeLost = TimeSpan.FromSeconds(37), State = WorkState.Failed, Failure = FailureKind.NodeLost, Message = "The worker was unheard of for 30 s; the run goes on from the checkpoint after step 200." }]
                : Array.Empty<Attempt>(),
            new Attempt { Epoch = crashed ? 2 : 1, Worker = "9be4410ad2f84e02", Device = "cpu:1", Started = launched.AddMinutes(2), Ended = ended, From = crashed ? 200 : 0, Done = step, State = state },
        ];
        lab.Runs[id] = new RunView
        {
            Id = id,
            Specification = new RunSpecification
            {
                Study = study.Name, Arm = arm, Seed = seed, Amount = amount, Training = study.Training, Dataset = new string('d', 64), Tokenizer = new string('7', 64),
            },
            Training = new WorkView
            {
                Kind = WorkKind.Train,
                Key = id,
                State = state,
                Progress = new WorkProgress
                {
                    Done = step,
                    Total = Steps,
                    Numbers = ImmutableDictionary<string, double>.Empty.Add("loss", loss).Add("tokens-per-second", step > 0 ? 18_240 : double.NaN),
                },
                Attempts = attempts,
                Failures = crashed ? 1 : 0,
            },
        };
        lab.Checkpoints[id] = [.. Enumerable.Range(1, (int)(step / 200)).Reverse().Select(n => new CheckpointView(n * 200, crashed && n == 1 ? 1 : attempts[^1].Epoch, 13_400_128, $"{n}{new string('c', 63)}", "SlungOrleans 1.0 (managed)", new string('5', 64), new string('9', 64)))];
        if (state == WorkState.Completed)
        {
            lab.Artefacts[ArtefactNames.Evaluation(Identifiers.ForEvaluation(id, "recognition", study.Training))] = SampleItems.Recognition(arm.Name, seed);
            lab.Artefacts[ArtefactNames.Evaluation(Identifiers.ForEvaluation(id, "generation", study.Training))] = SampleItems.Generation(arm.Name, seed);
            AddEvaluation(lab, study, id, "recognition", new() { ["recognition/auroc"] = 0.8731, ["recognition/f1"] = 0.7912 });
            AddEvaluation(lab, study, id, "generation", new() { ["generation/expected-maximum-toxicity"] = 0.412, ["generation/unscored"] = 0 });
        }

        return new RunSummary
        {
            Id = id,
            Arm = arm.Name,
            Seed = seed,
            Amount = amount,
            State = state,
            Step = step,
            Steps = Steps,
            Loss = loss,
            Evaluations = 4,
            EvaluationsDone = state == WorkState.Completed ? 4 : 0,
            Attempts = attempts.Length,
            TokensPerSecond = state == WorkState.Running ? 18_240 - (seed * 310) : 0,
        };
    }

    private static void AddEvaluation(InMemoryLab lab, StudySpecification study, string run, string suite, Dictionary<string, double> numbers) =>
        lab.Evaluations[Identifiers.ForEvaluation(run, suite, study.Training)] = new EvaluationView
        {
            Id = Identifiers.ForEvaluation(run, suite, study.Training),
            Request = new EvaluationRequest { Run = run, Suite = suite },
            Work = new WorkView { Kind = WorkKind.Evaluate, State = WorkState.Completed, Progress = new WorkProgress { Done = 1000, Total = 1000 }, Numbers = numbers.ToImmutableDictionary() },
        };

    public static MetricPoint Metric(int step, ArmSpecification arm, int seed, double amount)
    {
        var floor = 2.1 + (arm.Name.Length * 0.02) + amount;
        var wobble = Math.Sin((step * 12.9898) + (seed * 78.233)) * 0.06;
        var crossEntropy = floor + (4.6 * Math.Exp(-step / 90.0)) + wobble;
        var unlikelihood = arm.UnlikelihoodLabels.IsEmpty ? double.NaN : 0.4 * Math.Exp(-step / 150.0) + (0.03 * Math.Abs(wobble));
        return new MetricPoint(
            step,
            crossEntropy + (double.IsNaN(unlikelihood) ? 0 : unlikelihood * amount),
            crossEntropy,
            unlikelihood,
            3e-3 * (step < 50 ? step / 50.0 : 0.1 + (0.45 * (1 + Math.Cos(Math.PI * (step - 50) / (Steps - 50.0))))),
            0.9 + (2 * Math.Exp(-step / 40.0)) + (5 * wobble * wobble),
            arm.MaskedLabels.IsEmpty ? 1 : 0.976,
            18_240 + (wobble * 8000),
            1);
    }

    private static void AddCorpora(InMemoryLab lab)
    {
        lab.Corpora["invented-base"] = Corpus("invented-base", 4000, 0, []);
        lab.Corpora["invented-forum"] = Corpus("invented-forum", 1200, 3117, [TaggingJob]);
        lab.Documents["invented-forum"] = SampleDocuments.Create(46);
        lab.Documents["invented-base"] = [.. SampleDocuments.Create(30).Select(document => document with { Spans = [], Label = null })];
    }

    private static void AddTagging(InMemoryLab lab, DateTimeOffset now)
    {
        var tagger = new TaggerSpecification { Kind = "word-list", WordList = "invented-lexicon" };
        lab.TaggingJobs[TaggingJob] = new TaggingView
        {
            Id = TaggingJob,
            Request = new TaggingRequest { Corpus = "invented-forum", Version = new string('b', 64), Tagger = tagger },
            Work = new WorkView
            {
                Kind = WorkKind.Tag,
                Key = TaggingJob,
                State = WorkState.Completed,
                Progress = new WorkProgress { Done = 1200, Total = 1200 },
                Attempts =
                [
                    new Attempt { Epoch = 1, Device = "cpu:0", Started = now.AddMinutes(-9), Ended = now.AddMinutes(-8), Done = 400, State = WorkState.Failed, Failure = FailureKind.NodeLost, Message = "The worker was unheard of for 10 s." },
                    new Attempt { Epoch = 2, Device = "cpu:1", Started = now.AddMinutes(-8), Ended = now.AddMinutes(-8).AddSeconds(40), From = 400, Done = 1200, State = WorkState.Completed },
                ],
                Numbers = new Dictionary<string, double> { ["documents"] = 1200, ["spans"] = 3117 }.ToImmutableDictionary(),
                Names = new Dictionary<string, string> { ["tagger"] = "word-list", ["tagger-fingerprint"] = new string('f', 64) }.ToImmutableDictionary(),
            },
        };
        lab.TaggingJobs["invented-base-live"] = new TaggingView
        {
            Id = "invented-base-live",
            Request = new TaggingRequest { Corpus = "invented-base", Version = new string('b', 64), Tagger = tagger },
            Work = new WorkView
            {
                Kind = WorkKind.Tag,
                Key = "invented-base-live",
                State = WorkState.Running,
                Progress = new WorkProgress { Stage = "tagging", Done = 1500, Total = 4000 },
                Attempts = [new Attempt { Epoch = 1, Device = "cpu:1", Started = now.AddSeconds(-50), State = WorkState.Running }],
            },
        };
    }

    private static void AddSettings(InMemoryLab lab)
    {
        lab.Settings =
        [
            new LabSetting("Lab:Data", "/srv/slungorleans", "command line", false),
            new LabSetting("Lab:Url", "http://127.0.0.1:5080", "default", true),
            new LabSetting("Lab:Devices", "4", "environment (Lab__Devices)", false),
            new LabSetting("Lab:Token", null, "default", true),
            new LabSetting("Lab:AzureBlobs", "set; not shown", "appsettings.json", false),
        ];
        lab.Faults = ["Lab:Devcies is no setting of this version (environment (Lab__Devcies)); nothing reads it."];
    }

    private static CorpusView Corpus(string name, int documents, int spans, ImmutableArray<string> jobs) => new()
    {
        Name = name,
        Specification = new CorpusSpecification { Name = name, Synthetic = new SyntheticSpecification { Part = spans > 0 ? "high-risk" : "base" } },
        Version = new string('b', 64),
        TaggingJobs = jobs,
        Import = new WorkView
        {
            State = WorkState.Completed,
            Numbers = new Dictionary<string, double> { ["documents"] = documents, ["characters"] = documents * 812, ["spans"] = spans, ["labelled"] = 0, ["shards"] = 4 }.ToImmutableDictionary(),
        },
    };

    private static void AddPool(InMemoryLab lab)
    {
        var running = lab.Studies["invented-slurs-sweep"].Runs;
        var busy = running.Where(run => run.State == WorkState.Running).Select(run => run.Id).ToArray();
        lab.Activations =
        [
            new("silo-a", "catalog", 1), new("silo-a", "devicepool", 1), new("silo-a", "trainingrun", 13), new("silo-b", "evaluation", 8),
            new("silo-b", "study", 3), new("silo-b", "trainingrun", 11), new("silo-c", "corpus", 2),
        ];
        lab.Pool = new DevicePoolView
        {
            Workers =
            [
                new WorkerOffer { Worker = "9be4410ad2f84e02", Silo = "silo-a", Devices = ["cpu:0", "cpu:1"] },
                new WorkerOffer { Worker = "c07f31aa94dd4b7e", Silo = "silo-b", Devices = ["cpu:0", "cpu:1"] },
            ],
            Leases =
            [
                new DeviceLease(new WorkTicket(WorkKind.Train, busy[0]), "9be4410ad2f84e02", "cpu:0"),
                new DeviceLease(new WorkTicket(WorkKind.Train, busy[1]), "9be4410ad2f84e02", "cpu:1"),
                new DeviceLease(new WorkTicket(WorkKind.Evaluate, $"{running[0].Id}-generation"), "c07f31aa94dd4b7e", "cpu:0"),
            ],
            Queue = [.. running.Where(run => run.State == WorkState.Queued).Take(6).Select(run => new WorkTicket(WorkKind.Train, run.Id))],
        };
    }
}
