using SlungOrleans.Contracts;

namespace SlungOrleans.Grains;

/// <content>What a person may do with a study. Each can be done again with the same effect, and is done again to the end where a crash cut it short.</content>
internal sealed partial class StudyGrain
{
    /// <summary>Whether this activation has seen to it that a paused study's work is paused.</summary>
    private bool _paused;

    public async Task<StudyView> CancelAsync()
    {
        if (!HasEnded)
        {
            var stage = State.Stage;
            await EndAsync(StudyStage.Cancelled, "Cancelled.");
            await ChangeAsync(Work.Cancel());
            await ForWorkAsync(stage, run => run.CancelAsync(), evaluation => evaluation.CancelAsync());
        }

        return await GetAsync();
    }

    public async Task<StudyView> PauseAsync()
    {
        if (!HasEnded)
        {
            State.Paused = true;
            await PersistAsync();
            await PauseWorkAsync();
        }

        return await GetAsync();
    }

    public async Task<StudyView> ResumeAsync()
    {
        if (!HasEnded)
        {
            // The study last: until then it counts as paused, and can be resumed again.
            await ForWorkAsync(State.Stage, run => run.ResumeAsync(), evaluation => evaluation.ResumeAsync());
            State.Paused = false;
            await PersistAsync();
            await ChangeAsync(Work.Resume());
            PollSoon();
        }

        return await GetAsync();
    }

    public async Task<StudyView> RetryAsync()
    {
        if (State.Specification is null)
        {
            return await GetAsync();
        }

        EnsureNotImported();
        var missing = 0;
        await ForWorkAsync(
            State.Preparation.State == WorkState.Completed ? StudyStage.Running : StudyStage.Importing,
            async run => missing += (await run.RetryAsync()).Training.State == WorkState.Completed ? 0 : 1,
            async evaluation => missing += (await evaluation.RetryAsync()).Work.State == WorkState.Completed ? 0 : 1);
        if (State.Stage is StudyStage.Failed or StudyStage.Cancelled || (missing > 0 && State.Stage is StudyStage.Comparing or StudyStage.Completed))
        {
            await GoBackAsync();
        }
        else if (!HasEnded)
        {
            await ChangeAsync(Work.Retry());
        }

        return await GetAsync();
    }

    public async Task<StudyView> ContinueAsync(int steps)
    {
        EnsureNotImported();
        var training = Specification.Training.ExtendTo(steps);
        if (steps == Specification.Training.Steps)
        {
            return await GetAsync();
        }

        if (State.Stage != StudyStage.Completed)
        {
            throw new LabException($"Study '{Key}' is {State.Stage.ToString().ToLowerInvariant()}; only a completed study can be continued with more steps.");
        }

        foreach (var run in StudyLayout.Runs(Specification, State.Preparation.Names))
        {
            var view = await GrainFactory.GetGrain<ITrainingRunGrain>(StudyLayout.IdOf(run)).GetAsync();
            if (view.Training.State != WorkState.Completed)
            {
                throw new LabException($"Run '{view.Id}' is {view.Training.State.ToString().ToLowerInvariant()}; a study is continued once all its runs are completed.");
            }

            if (view.Specification?.Training.Steps > steps)
            {
                throw new LabException($"Run '{view.Id}' has been continued to {view.Specification.Training.Steps} steps by itself; a study's runs all have the same number of steps, so at least that many are expected.");
            }
        }

        State.Specification = Specification with { Training = training };
        await GoBackAsync();
        return await GetAsync();
    }

    /// <summary>Back to the stage in which what is missing is asked for; what is there is found again.</summary>
    private async Task GoBackAsync()
    {
        State.Stage = State.Preparation.State == WorkState.Completed ? StudyStage.Running : StudyStage.Importing;
        State.Ended = null;
        State.Message = "";
        State.Verdicts = [];
        State.Work = new WorkRecord { Epoch = Work.Epoch };
        await PersistAsync();
        LogStage(logger, Key, State.Stage);
        await PutSummaryAsync();
        await KeepWatchAsync();
        _known.Clear();
        await RefreshAsync();
        PollSoon();
    }

    private async Task PauseWorkAsync()
    {
        await ChangeAsync(Work.Pause());
        await ForWorkAsync(State.Stage, run => run.PauseAsync(), evaluation => evaluation.PauseAsync());
        _paused = true;
    }

    /// <summary>Runs and evaluations of a study that has come so far as to have any.</summary>
    private async Task ForWorkAsync(StudyStage stage, Func<ITrainingRunGrain, Task> run, Func<IEvaluationGrain, Task> evaluation)
    {
        if (stage < StudyStage.Running)
        {
            return;
        }

        foreach (var specification in StudyLayout.Runs(Specification, State.Preparation.Names))
        {
            await run(GrainFactory.GetGrain<ITrainingRunGrain>(StudyLayout.IdOf(specification)));
            foreach (var (id, _) in StudyLayout.Evaluations(Specification, specification))
            {
                await evaluation(GrainFactory.GetGrain<IEvaluationGrain>(id));
            }
        }
    }

    private void PollSoon()
    {
        _poll?.Dispose();
        _poll = null;
        StartPolling();
    }
}
