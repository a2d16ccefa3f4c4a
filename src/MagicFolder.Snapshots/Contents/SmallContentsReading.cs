using MagicFolder.Grid;
using MagicFolder.Model.Blobs;

namespace MagicFolder.Snapshots.Contents;

/// <summary>Small contents that are being read (<see cref="SmallContents"/>). Disposing waits for what is under way.</summary>
public sealed class SmallContentsReading : IAsyncDisposable
{
    private readonly IBlobCatalog _catalog;
    private readonly List<List<SmallContent>> _stretches;
    private readonly Dictionary<PackRef, IImmutableFile> _packs;
    private readonly Func<List<SmallContent>, bool[], Task> _read;
    private readonly bool[] _wasRead;
    private readonly Task? _work;
    private int _next = -1;

    internal SmallContentsReading(
        IBlobCatalog catalog, int count, List<List<SmallContent>> stretches, Dictionary<PackRef, IImmutableFile> packs, Func<List<SmallContent>, bool[], Task> read, int threads)
    {
        _catalog = catalog;
        _stretches = stretches;
        _packs = packs;
        _read = read;
        _wasRead = new bool[count];
        if (threads > 1) _work = Task.WhenAll(Enumerable.Range(0, Math.Min(threads, stretches.Count)).Select(_ => Task.Run(WorkAsync, CancellationToken.None)));
    }

    /// <summary>Waits for what is under way: nothing with one thread.</summary>
    public Task WaitAsync(CancellationToken cancel) => _work is null ? Task.CompletedTask : _work.WaitAsync(cancel);

    /// <summary>Waits until all are read. By the flow that began it.</summary>
    /// <returns>Which were passed. The others are not at the place that is known best: <see cref="ContentReader"/> looks at all.</returns>
    public async Task<bool[]> FinishAsync()
    {
        await (_work ?? WorkAsync());
        foreach (var stretch in _stretches)
            foreach (var item in stretch)
                if (_wasRead[item.Index]) _catalog.Confirm(item.Id, item.Location);
        return _wasRead;
    }

    public async ValueTask DisposeAsync()
    {
        if (_work is not null) await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var pack in _packs.Values) await pack.DisposeAsync();
        _packs.Clear();
    }

    private async Task WorkAsync()
    {
        for (int i; (i = Interlocked.Increment(ref _next)) < _stretches.Count;) await _read(_stretches[i], _wasRead);
    }
}

/// <summary>One of the contents wanted, and where it lies.</summary>
internal readonly record struct SmallContent(int Index, BlobId Id, BlobLocation Location)
{
    internal long End => Location.Offset + Location.StoredLength;
}
