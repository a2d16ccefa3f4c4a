using MagicFolder.FileSystem.Disks;
using MagicFolder.FileSystem.Staging;
using MagicFolder.Grid;
using MagicFolder.Model;
using MagicFolder.Model.Materialized;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Versions;
using MagicFolder.Snapshots.Contents;
using MagicFolder.Sync.Reporting;

namespace MagicFolder.Sync.Applying;

/// <summary>
/// Stages the small new files of a batch together, on several threads. What cannot be had that way is staged by itself afterwards (<see cref="ContentStager"/>), which also says
/// what is wrong with it.
/// </summary>
internal sealed class StagingTogether(EngineParts parts, EngineTools tools, StagingArea staging, TransferBatch downloads, ContentStager single) : IAsyncDisposable
{
    /// <summary>So many are begun together, while the rest of the batch is still being decided on.</summary>
    private const int GroupCount = 256;

    private readonly List<ApplyStep> _waiting = [];
    private readonly List<(ApplyStep[] Steps, DiskStat?[] Staged, SmallContentsReading Reading)> _groups = [];

    /// <summary>Is it a small file that this disk has nowhere? Then it may wait for <see cref="FinishAsync"/>.</summary>
    internal bool Takes(EntryValue value) =>
        value is { Kind: EntryKind.File, Size: > 0 and <= SmallContents.MaxLength } && parts.State.Records.WithContent(value.Content, 1).Count == 0;

    internal RelativePath NewPlace() => staging.NewPlace();

    /// <summary>A creation; what was staged for it is not known yet.</summary>
    internal async ValueTask AddAsync(ApplyStep step, CancellationToken cancel)
    {
        _waiting.Add(step);
        downloads.Begin(step.Path);
        if (_waiting.Count >= GroupCount) await BeginAsync(cancel);
    }

    /// <summary>Stages all that was added, and completes their intents.</summary>
    /// <param name="hold">Told of a step that cannot be taken, and why.</param>
    /// <param name="cancel">What is staged by then is removed when the engine opens again.</param>
    internal async ValueTask FinishAsync(Action<ApplyStep, Exception, Problem> hold, CancellationToken cancel)
    {
        if (_waiting.Count > 0) await BeginAsync(cancel);
        foreach (var (steps, staged, reading) in _groups)
        {
            await reading.FinishAsync();
            for (int i = 0; i < steps.Length; i++)
            {
                if (staged[i] is { } stat) Complete(steps[i], steps[i].Intent.Stage, stat);
                else await StageAloneAsync(steps[i], hold, cancel);
            }
        }
        await DisposeAsync();
    }

    /// <summary>Waits for what is under way.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var (_, _, reading) in _groups) await reading.DisposeAsync();
        _groups.Clear();
    }

    private async ValueTask BeginAsync(CancellationToken cancel)
    {
        // At most two are under way, so that memory is bounded.
        if (_groups.Count > 1) await _groups[^2].Reading.WaitAsync(cancel);
        var steps = _waiting.ToArray();
        _waiting.Clear();
        var staged = new DiskStat?[steps.Length];
        var reading = await tools.SmallContents.BeginAsync(
            [.. steps.Select(step => (step.Intent.Value!.Content, (int)step.Intent.Value!.Size))],
            (index, bytes) => staged[index] = TryStage(steps[index].Intent, bytes),
            cancel);
        _groups.Add((steps, staged, reading));
    }

    private void Complete(ApplyStep step, RelativePath stage, DiskStat stat)
    {
        step.Intent = step.Intent with { Stage = stage, Staged = stat.ToSignature() };
        parts.Progress.AddBytesApplied(stat.Size);
    }

    private DiskStat? TryStage(ApplyIntent intent, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using var file = staging.Create(intent.Stage);
            file.Write(0, bytes.Span);
            var stat = file.Finish(intent.Value!.MtimeNs, intent.Value.DiskMode);
            if (stat.Size == intent.Value.Size) return stat;
        }
        catch (DiskException)
        {
            // It is tried once more by itself, and then the trouble is told.
        }
        RemoveHalf(intent.Stage);
        return null;
    }

    private void RemoveHalf(RelativePath stage)
    {
        try
        {
            staging.Remove(stage);
        }
        catch (DiskException)
        {
            // It is removed when the engine opens again.
        }
    }

    private async ValueTask StageAloneAsync(ApplyStep step, Action<ApplyStep, Exception, Problem> hold, CancellationToken cancel)
    {
        // It is begun there once more.
        downloads.Abandon(step.Path);
        try
        {
            var (stage, stat) = await single.StageAsync(step.Path, step.Intent.Value!, null, cancel);
            step.Intent = step.Intent with { Stage = stage, Staged = stat.ToSignature() };
        }
        catch (Exception e) when (StagingTrouble.IsPerhapsOfOnePath(e))
        {
            if (await StagingTrouble.ToProblemAsync(e, step.Work.Path, tools.Reach, cancel) is not { } problem) throw;
            hold(step, e, problem);
        }
    }
}
