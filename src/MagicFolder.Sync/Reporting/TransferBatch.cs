using MagicFolder.Model.Paths;

namespace MagicFolder.Sync.Reporting;

/// <summary>Files under way in one direction, which become durable together. Not for concurrent use.</summary>
internal sealed class TransferBatch(SyncProgress progress, TransferDirection direction) : IDisposable
{
    private readonly HashSet<RelativePath> _underWay = [];

    internal void Begin(RelativePath path)
    {
        if (_underWay.Add(path)) progress.Started(direction, path);
    }

    internal void Finish(RelativePath path)
    {
        if (_underWay.Remove(path)) progress.Finished(direction, path);
    }

    internal void FinishAll()
    {
        foreach (var path in _underWay) progress.Finished(direction, path);
        _underWay.Clear();
    }

    /// <summary>It will be tried again.</summary>
    internal void Abandon(RelativePath path)
    {
        if (_underWay.Remove(path)) progress.Abandoned(direction, 1);
    }

    /// <summary>So do all that are still under way.</summary>
    public void Dispose()
    {
        progress.Abandoned(direction, _underWay.Count);
        _underWay.Clear();
    }
}

internal enum TransferDirection
{
    /// <summary>From the disk to the grid.</summary>
    Upload,

    /// <summary>From the grid to the disk.</summary>
    Download,
}
