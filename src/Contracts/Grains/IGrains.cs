using Orleans.Concurrency;

namespace SlungOrleans.Contracts;

/// <summary>A corpus: its versions, their import and tags. Key: the corpus' name.</summary>
[Alias("corpus")]
public interface ICorpusGrain : IWorkGrain
{
    /// <summary>Imports the corpus, unless it was imported from the same specification already.</summary>
    /// <param name="specification">Where it comes from; its name is the grain's key.</param>
    /// <param name="study">The study to tell of changes; null for none.</param>
    /// <exception cref="LabException">There is a corpus of that name from another source.</exception>
    [Alias("import")]
    Task ImportAsync(CorpusSpecification specification, string? study);

    /// <summary>What the corpus is and where it stands.</summary>
    [Alias("get"), ReadOnly, AlwaysInterleave]
    Task<CorpusView> GetAsync();

    /// <summary>Notes that a tagging job over the newest version is complete.</summary>
    /// <param name="job">The job's id.</param>
    [Alias("add-tags")]
    Task AddTagsAsync(string job);
}

/// <summary>One tagger over one corpus version. Key: the job's id.</summary>
[Alias("tagging-job")]
public interface ITaggingJobGrain : IWorkGrain
{
    /// <summary>Asks for the tags, unless they are there.</summary>
    /// <param name="request">What to tag, with what.</param>
    /// <param name="study">The study to tell of changes; null for none.</param>
    [Alias("tag")]
    Task TagAsync(TaggingRequest request, string? study);

    /// <summary>What the job is and where it stands.</summary>
    [Alias("get"), ReadOnly, AlwaysInterleave]
    Task<TaggingView> GetAsync();
}

/// <summary>One arm, one seed, one amount: queue, attempts, checkpoints. Key: the run's id.</summary>
[Alias("training-run")]
public interface ITrainingRunGrain : IWorkGrain
{
    /// <summary>Creates and queues the run, unless it is there. A completed run of which more steps are asked is trained on.</summary>
    /// <param name="specification">What to run.</param>
    /// <exception cref="LabException">It was created with another specification.</exception>
    [Alias("queue")]
    Task QueueAsync(RunSpecification specification);

    /// <summary>Stops the run, keeping its checkpoints. Does nothing once it has ended. Returns how it stands.</summary>
    [Alias("cancel")]
    Task<RunView> CancelAsync();

    /// <summary>Holds the run back at its next step, with a checkpoint. Does nothing unless it is queued or running. Returns how it stands.</summary>
    [Alias("pause")]
    Task<RunView> PauseAsync();

    /// <summary>Lets a paused run go on, even where its attempt has not stopped yet. Does nothing unless it is paused. Returns how it stands.</summary>
    [Alias("resume")]
    Task<RunView> ResumeAsync();

    /// <summary>
    /// Queues a run that failed or was cancelled again, its failures forgotten; what waits after a failure is tried at once. It goes on from its
    /// last checkpoint. Does nothing otherwise. Returns how it stands.
    /// </summary>
    [Alias("retry")]
    Task<RunView> RetryAsync();

    /// <summary>
    /// Trains a completed run on, from its last checkpoint, until it has so many steps in all (see <see cref="TrainingSpecification.ExtendTo"/>).
    /// Does nothing where it has, or is about to. The study's evaluations and comparison stay those of the shorter run. Returns how it stands.
    /// </summary>
    /// <param name="steps">Steps in all.</param>
    /// <exception cref="LabException">It is not completed, has more steps already, cannot be trained on, or its study has not ended.</exception>
    [Alias("continue")]
    Task<RunView> ContinueAsync(int steps);

    /// <summary>Notes what a verification of the run came to, instead of the one before.</summary>
    /// <param name="certificate">The verdict.</param>
    /// <exception cref="LabException">The run is not completed, nor running (its worker may verify it at its end).</exception>
    [Alias("certify")]
    Task CertifyAsync(ResumeCertificateView certificate);

    /// <summary>Takes in a run that another lab has done; it can be looked at, and never run. What an interrupted import of the same study left is replaced.</summary>
    /// <param name="run">The run.</param>
    /// <exception cref="LabException">There is a run of that id already.</exception>
    [Alias("import")]
    Task ImportAsync(RunView run);

    /// <summary>What the run is and where it stands.</summary>
    [Alias("get"), ReadOnly, AlwaysInterleave]
    Task<RunView> GetAsync();
}

/// <summary>One suite over one checkpoint. Key: the evaluation's id.</summary>
[Alias("evaluation")]
public interface IEvaluationGrain : IWorkGrain
{
    /// <summary>Creates and queues the evaluation, unless it is there.</summary>
    /// <param name="request">What to evaluate.</param>
    [Alias("queue")]
    Task QueueAsync(EvaluationRequest request);

    /// <summary>Stops the evaluation. Does nothing once it has ended. Returns how it stands.</summary>
    [Alias("cancel")]
    Task<EvaluationView> CancelAsync();

    /// <summary>Holds the evaluation back; what it has done is done again. Does nothing unless it is queued or running. Returns how it stands.</summary>
    [Alias("pause")]
    Task<EvaluationView> PauseAsync();

    /// <summary>Lets a paused evaluation go on. Does nothing unless it is paused. Returns how it stands.</summary>
    [Alias("resume")]
    Task<EvaluationView> ResumeAsync();

    /// <summary>Queues an evaluation that failed or was cancelled again. Does nothing otherwise. Returns how it stands.</summary>
    [Alias("retry")]
    Task<EvaluationView> RetryAsync();

    /// <summary>Takes in an evaluation that another lab has done; it can be looked at, and never run. What an interrupted import of the same study left is replaced.</summary>
    /// <param name="evaluation">The evaluation.</param>
    /// <exception cref="LabException">There is an evaluation of that id already.</exception>
    [Alias("import")]
    Task ImportAsync(EvaluationView evaluation);

    /// <summary>What the evaluation is and where it stands.</summary>
    [Alias("get"), ReadOnly, AlwaysInterleave]
    Task<EvaluationView> GetAsync();
}

/// <summary>Devices of every silo, leases, queue order. Key: <see cref="Identifiers.Default"/>.</summary>
[Alias("device-pool")]
public interface IDevicePoolGrain : IGrainWithStringKey
{
    /// <summary>A worker offers its devices, and again every few seconds as a sign of life. A worker unheard of for a time (10 s unless set otherwise) is gone; its leases go back to the queue.</summary>
    /// <param name="offer">The devices.</param>
    [Alias("offer")]
    Task OfferAsync(WorkerOffer offer);

    /// <summary>A worker leaves in good order; its leases go back to the queue.</summary>
    /// <param name="worker">The worker.</param>
    [Alias("leave")]
    Task LeaveAsync(string worker);

    /// <summary>Puts work into the queue, unless it is there: training at the end, everything else, which others wait for, in front of the first training.</summary>
    /// <param name="ticket">The work.</param>
    [Alias("enqueue")]
    Task EnqueueAsync(WorkTicket ticket);

    /// <summary>Takes work out of the queue. Work that is leased stays leased until its worker releases it.</summary>
    /// <param name="ticket">The work.</param>
    [Alias("withdraw")]
    Task WithdrawAsync(WorkTicket ticket);

    /// <summary>Moves waiting work to another place of the queue. Given twice it changes nothing more.</summary>
    /// <param name="ticket">The work.</param>
    /// <param name="before">The work that it is to stand before; null for the end.</param>
    /// <exception cref="LabException">One of them does not wait any more.</exception>
    [Alias("move")]
    Task MoveAsync(WorkTicket ticket, WorkTicket? before);

    /// <summary>
    /// Lends a free device of the worker to the next piece of work; null if there is none. Asked again before the device was given back, which only
    /// an idle worker does, it answers with the same lease.
    /// </summary>
    /// <param name="worker">The worker.</param>
    /// <param name="device">The device.</param>
    [Alias("acquire")]
    Task<DeviceLease?> AcquireAsync(string worker, string device);

    /// <summary>Gives a device back.</summary>
    /// <param name="lease">The lease.</param>
    [Alias("release")]
    Task ReleaseAsync(DeviceLease lease);

    /// <summary>Workers, leases and queue.</summary>
    [Alias("get"), ReadOnly, AlwaysInterleave]
    Task<DevicePoolView> GetAsync();
}

/// <summary>What there is, for lists. Key: <see cref="Identifiers.Default"/>.</summary>
[Alias("catalog")]
public interface ICatalogGrain : IGrainWithStringKey
{
    /// <summary>Notes how a study stands.</summary>
    /// <param name="study">The study in a line.</param>
    [Alias("put-study")]
    Task PutStudyAsync(StudySummary study);

    /// <summary>Notes that there is a corpus.</summary>
    /// <param name="name">Its name.</param>
    [Alias("put-corpus")]
    Task PutCorpusAsync(string name);

    /// <summary>Notes that there is a tagging job.</summary>
    /// <param name="job">The job.</param>
    [Alias("put-tagging-job")]
    Task PutTaggingJobAsync(TaggingJobName job);

    /// <summary>Tagging jobs, by corpus and id.</summary>
    [Alias("list-tagging-jobs"), ReadOnly, AlwaysInterleave]
    Task<ImmutableArray<TaggingJobName>> ListTaggingJobsAsync();

    /// <summary>Studies, newest first.</summary>
    [Alias("list-studies"), ReadOnly, AlwaysInterleave]
    Task<ImmutableArray<StudySummary>> ListStudiesAsync();

    /// <summary>Names of corpora, in order.</summary>
    [Alias("list-corpora"), ReadOnly, AlwaysInterleave]
    Task<ImmutableArray<string>> ListCorporaAsync();
}
