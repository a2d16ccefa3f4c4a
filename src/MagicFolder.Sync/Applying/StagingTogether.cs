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
internal sealed class StagingTogether(EngineParts parts, EngineTools tools, StagingArea staging, TransferBatch downloads, ContentStager single)
{
    private readonly List<ApplyStep> _steps = [];

    /// <summary>Is it a small file that this disk has nowhere? Then it may wait for <see cref="FinishAsync"/>.</summary>
    internal bool Takes(EntryValue value) =>
        value is { Kind: EntryKind.File, Size: > 0 and <= SmallContents.MaxLength } && parts.State.Records.WithContent(value.Content, 1).Count == 0;

    internal RelativePath NewPlace() => staging.NewPlace();

    /// <summary>A creation; what was staged for it is not known yet.</summary>
    internal void Add(ApplyStep step)
    {
        _steps.Add(step);
        downloads.Begin(step.Path);
    }

    /// <summary>Stages all that was added, and completes their intents.</summary>
    /// <param name="hold">Told of a step that cannot be taken, and why.</param>
    /// <param name="cancel">What is staged by then is removed when the engine opens again.</param>
    internal async ValueTask FinishAsync(Action<ApplyStep, Problem> hold, CancellationToken cancel)
    {
        if (_steps.Count == 0) return;
        var steps = _steps.ToArray();
        _steps.Clear();
        var staged = new DiskStat?[steps.Length];
        await tools.SmallContents.ReadAsync(
            [.. steps.Select(step => (step.Intent.Value!.Content, (int)step.Intent.Value!.Size))],
            (index, bytes) => staged[index] = TryStage(steps[index].Intent, bytes),
            cancel);
        for (int i = 0; i < steps.Length; i++)
        {
            if (staged[i] is { } stat) Complete(steps[i], steps[i].Intent.Stage, stat);
            else await StageAloneAsync(steps[i], hold, cancel);
        }
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

    private async ValueTask StageAloneAsync(ApplyStep step, Action<ApplyStep, Problem> hold, CancellationToken cancel)
    {
        // It is begun there once more.
        downloads.Abandon(step.Path);
        try
        {
            var (stage, stat) = await single.StageAsync(step.Path, step.Intent.Value!, null, cancel);
            step.Intent = step.Intent with { Stage = stage, Staged = stat.ToSignature() };
        }
        catch (Exception e) when (StagingTrouble.ToProblem(e, step.Work.Path) is { } problem)
        {
            hold(step, problem);
        }
    }
}
