using MagicFolder.Grid;
using MagicFolder.Model.Blobs;
using MagicFolder.Tahoe;
using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Snapshots.Packing;

/// <summary>
/// Collects blobs into packs and stores them: one pack fills while others, at most <see cref="PackOptions.Underway"/>, are being stored; a call that would need one more
/// waits. One flow at a time. The catalog learns of blobs only when their pack and all before it are stored, and only within calls of this class.
/// </summary>
/// <remarks>
/// When the grid fails, the call throws and nothing that was added is lost: the sealed packs stay in memory, and the next call that needs them stored tries
/// again, under the same keys. A blob whose adding threw was not added. What was not flushed before disposal is dropped.
/// </remarks>
public sealed class PackWriter : IAsyncDisposable
{
    private readonly IGrid _grid;
    private readonly IRandomSource _random;
    private readonly IBlobCatalog _catalog;
    private readonly PackOptions _options;
    private readonly ClaimChecker _claims;
    private readonly CancellationTokenSource _disposing = new();
    private readonly LargeBuffers _buffers = new(SegmentedBuffer.SegmentLength);
    private readonly Queue<PackUnderway> _underway = new();
    private PackBuilder _filling;
    private bool _disposed;

    /// <param name="grid">Where packs are stored.</param>
    /// <param name="random">For the keys of packs.</param>
    /// <param name="catalog">What the grid holds.</param>
    /// <param name="blobs">Reads what others claim to have stored, before it is relied on.</param>
    /// <param name="options">Sizes and manners.</param>
    public PackWriter(IGrid grid, IRandomSource random, IBlobCatalog catalog, BlobReader blobs, PackOptions? options = null)
    {
        _grid = grid;
        _random = random;
        _catalog = catalog;
        _options = options ?? PackOptions.Default;
        _claims = new ClaimChecker(blobs, catalog);
        _filling = NewBuilder();
    }

    /// <summary>Packs stored so far.</summary>
    public int PacksStored { get; private set; }

    /// <summary>Bytes of the packs stored so far.</summary>
    public long BytesStored { get; private set; }

    /// <summary>Is the blob in a pack that is filling or being stored?</summary>
    public bool Contains(BlobId id) => _filling.Contains(id) || IsUnderway(id, framed: false);

    /// <summary>Adds a blob unless the catalog or an open pack has it, or it is found where others say that it is. The bytes are copied or compressed before this returns.</summary>
    /// <param name="id">The SHA-256 of <paramref name="plain"/>.</param>
    /// <param name="plain">At most 8 MiB.</param>
    /// <param name="cancel">Ends the wait for a pack to be stored.</param>
    /// <exception cref="GridException">A full pack could not be stored.</exception>
    public async ValueTask AddAsync(BlobId id, ReadOnlyMemory<byte> plain, CancellationToken cancel = default)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(plain.Length, Framing.BlobLimits.MaxPlainLength);
        if (await IsStoredAsync(id, cancel)) return;
        await MakeRoomAsync(plain.Length, cancel);
        _filling.Add(id, plain.Span);
    }

    /// <summary>The same for one that is made ready.</summary>
    public async ValueTask AddAsync(PreparedBlob blob, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(blob);
        if (await IsStoredAsync(blob.Id, cancel)) return;
        await MakeRoomAsync(blob.Place.StoredLength, cancel);
        _filling.Add(blob);
    }

    /// <summary>Need it not be added? Known to the catalog, in an open pack, or found where others say that it is.</summary>
    internal async ValueTask<bool> IsStoredAsync(BlobId id, CancellationToken cancel) => Contains(id) || _catalog.Contains(id) || await _claims.ConfirmAsync(id, cancel);

    /// <summary>Stores all that was added. Afterwards it is durable on the grid and in the catalog.</summary>
    public async ValueTask FlushAsync(CancellationToken cancel = default)
    {
        if (!_filling.IsEmpty) await RollAsync(cancel);
        await CompleteStoringAsync(0, cancel);
        _buffers.Dispose();
    }

    /// <summary>Is the blob with its table in a pack that is filling or being stored, or known to the catalog?</summary>
    internal bool KnowsFramed(BlobId id) =>
        _filling.ContainsFramed(id) || IsUnderway(id, framed: true) || _catalog.ContainsFramed(id);

    /// <summary>Adds a blob whose table of locations is made when its pack is complete. All it refers to must be added or known already.</summary>
    /// <exception cref="UnknownBlobException">It refers to something else; nothing was added.</exception>
    internal async ValueTask AddFramedAsync(BlobId id, byte[] named, Reference[] references, CancellationToken cancel)
    {
        if (KnowsFramed(id)) return;
        // Where a claim is true, all that its table leads to is confirmed, and so known.
        if (await _claims.ConfirmFramedAsync(id, references, cancel)) return;
        foreach (var reference in references)
            if (reference.Kind != ReferenceKind.Optional && !IsKnown(reference)) throw new UnknownBlobException(reference.Id);
        await MakeRoomAsync(PackBuilder.FramedEstimate(named, references), cancel);
        _filling.AddFramed(id, named, references);
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed) return;
        _disposed = true;
        await _disposing.CancelAsync();
        foreach (var pack in _underway)
        {
            if (pack.Storing is not null) await ((Task)pack.Storing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pack.Content.Dispose();
        }
        _underway.Clear();
        _filling.Dispose();
        _buffers.Dispose();
        _disposing.Dispose();
    }

    /// <summary>What is only claimed, or known in lost packs, may be referred to: whoever had it here has stored it, and nobody else here can.</summary>
    private bool IsKnown(Reference reference) =>
        IsKnown(reference.Id) || (reference.Kind == ReferenceKind.Content && _catalog.FindChunkLists(reference.Id).Any(IsKnown));

    private bool IsKnown(BlobId id) => Contains(id) || _catalog.Find(id).Count > 0 || _catalog.FindLost(id).Count > 0;

    private bool IsUnderway(BlobId id, bool framed)
    {
        foreach (var pack in _underway)
            if (framed ? pack.Content.ContainsFramed(id) : pack.Content.Contains(id)) return true;
        return false;
    }

    private async ValueTask MakeRoomAsync(int length, CancellationToken cancel)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        while (_underway.TryPeek(out var first) && first.Storing is { IsCompletedSuccessfully: true }) await CompleteStoringAsync(_underway.Count - 1, cancel);
        if (!_filling.IsEmpty && _filling.Length + length > _options.TargetSize) await RollAsync(cancel);
    }

    /// <summary>Seals the pack that fills, begins to store it, and opens the next one.</summary>
    private async ValueTask RollAsync(CancellationToken cancel)
    {
        // The order matters: the tables of this pack name the packs before it, so those must have their caps first. Without tables it names none.
        await CompleteStoringAsync(_filling.HasTables ? 0 : _options.Underway - 1, cancel);
        _filling.Seal(_catalog);
        var full = new PackUnderway(_filling);
        _underway.Enqueue(full);
        _filling = NewBuilder();
        if (_options.Background) full.Storing = Task.Run(() => StoreAsync(full.Content, _disposing.Token), CancellationToken.None);
        else await CompleteStoringAsync(0, cancel);
    }

    /// <summary>Waits until at most so many packs are left that are not stored, in the order in which they were sealed, and tells the catalog. One that nobody stores, it stores (again).</summary>
    private async ValueTask CompleteStoringAsync(int left, CancellationToken cancel)
    {
        while (_underway.Count > left)
        {
            var first = _underway.Peek();
            var pack = new PackRef((await StoredAsync(first, cancel)).ToUriString());
            _catalog.PackStored(pack);
            foreach (var (id, location) in first.Content.Blobs) _catalog.Confirm(id, location with { Pack = pack });
            PacksStored++;
            BytesStored += first.Content.Length;
            _underway.Dequeue();
            first.Content.Dispose();
        }
    }

    private async ValueTask<ImmutableCap> StoredAsync(PackUnderway pack, CancellationToken cancel)
    {
        if (pack.Storing is not { } storing) return await StoreAsync(pack.Content, cancel);
        try
        {
            return await storing.WaitAsync(cancel);
        }
        catch when (storing.IsCompleted && !storing.IsCompletedSuccessfully)
        {
            await SettleAsync(cancel);
            throw;
        }
    }

    /// <summary>After a failure: waits for all that are being stored, and leaves those that failed as well to whoever tries again.</summary>
    private async ValueTask SettleAsync(CancellationToken cancel)
    {
        foreach (var pack in _underway)
        {
            if (pack.Storing is not { } storing) continue;
            await ((Task)storing).WaitAsync(cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (storing.IsCompleted && !storing.IsCompletedSuccessfully) pack.Storing = null;
        }
    }

    private async Task<ImmutableCap> StoreAsync(PackBuilder pack, CancellationToken cancel)
    {
        await using var content = pack.OpenRead();
        return await _grid.PutImmutableAsync(content, content.Length, pack.Key, cancel);
    }

    private PackBuilder NewBuilder() => new(_random, _options.Compress, _buffers);

    /// <summary>A sealed pack that is not in the catalog yet.</summary>
    private sealed class PackUnderway(PackBuilder content)
    {
        public PackBuilder Content { get; } = content;

        /// <summary>Null when nobody stores it: it was not begun, or it failed.</summary>
        public Task<ImmutableCap>? Storing { get; set; }
    }
}
