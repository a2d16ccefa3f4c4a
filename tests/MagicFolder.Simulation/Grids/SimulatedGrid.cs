using System.Security.Cryptography;
using MagicFolder.Grid;
using MagicFolder.Grid.Servers;
using MagicFolder.Simulation.Clocks;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Hashing;
using MagicFolder.Tahoe.Mutable;

namespace MagicFolder.Simulation.Grids;

/// <summary>
/// One process's view of a <see cref="SimulatedStorage"/>: the right caps, no encoding. Every call is a step of the process; by chance it fails before its effect, or its
/// answer is lost after it. <paramref name="written"/> and <paramref name="read"/> hear of the seqnums of mutable objects, and when they take effect. Leases are those of <paramref name="client"/>, and
/// run for 31 days.
/// </summary>
internal sealed class SimulatedGrid(
    SimulatedStorage storage, int client, SimulatedTime time, Action<string> step, GridChances chances, Action<MutableReadCap, long> written, Action<MutableReadCap, long> read) : IGrid, IGridReclaimer
{
    private const long LeaseNs = 31 * 86_400_000_000_000;

    private readonly GridChances _chances = chances;

    public async Task<ImmutableCap> PutImmutableAsync(Stream content, long size, EncryptionKeyChoice key, CancellationToken cancel)
    {
        CallToWrite("put");
        RefuseWhileRolledBack();
        var bytes = new byte[size];
        await content.ReadExactlyAsync(bytes, cancel);
        var aes = ((EncryptionKeyChoice.FromCaller)key).Key;
        var cap = new ChkCap(aes, Digest.From(SHA256.HashData(bytes)), 1, 1, size);
        storage.Put(cap, bytes);
        storage.Lease(cap.StorageIndex, client, time.NowNs + LeaseNs);
        AnswerWrite("put");
        return cap;
    }

    public Task<IImmutableFile> OpenImmutableAsync(ImmutableCap cap, CancellationToken cancel)
    {
        Call("open");
        if (_chances.IsLost()) throw new GridException(GridFailure.NotFound, "simulated: no such object at this read");
        var bytes = storage.Find(cap) ?? throw new GridException(GridFailure.NotFound, "No such object.");
        return Task.FromResult<IImmutableFile>(new File(this, bytes));
    }

    public Task CreateMutableAsync(MutableKeys keys, ReadOnlyMemory<byte> content, CancellationToken cancel)
    {
        storage.PutMutable(keys.ToWriteCap().ToReadCap(), 1, content.ToArray(), keys.PublicKey.ToArray());
        return Task.CompletedTask;
    }

    public Task<MutableVersion> ReadMutableAsync(MutableReadCap cap, CancellationToken cancel)
    {
        Call("read mutable");
        var version = storage.FindMutable(cap) ?? throw new GridException(GridFailure.NotFound, "No such object.");
        if (_chances.IsStale()) version = _chances.Pick(storage.AllVersions(cap));
        read(cap, version.Seqnum);
        return Task.FromResult(new MutableVersion(version.Seqnum, version.Content, version.PublicKey));
    }

    public Task<long> PublishMutableAsync(MutableWriteCap cap, long expectedSeqnum, ReadOnlyMemory<byte> content, CancellationToken cancel)
    {
        CallToWrite("publish");
        RefuseWhileRolledBack();
        var readCap = cap.ToReadCap();
        var (_, seqnum, there, publicKey) = storage.FindMutable(readCap) ?? throw new GridException(GridFailure.NotFound, "No such object.");
        if (seqnum != expectedSeqnum + 1 || !content.Span.SequenceEqual(there))
        {
            if (seqnum != expectedSeqnum) throw new GridException(GridFailure.UncoordinatedWrite, "Another version is there.");
            storage.PutMutable(readCap, ++seqnum, content.ToArray(), publicKey);
            written(readCap, seqnum);
        }
        AnswerWrite("publish");
        return Task.FromResult(seqnum);
    }

    public Task RewriteMutableAsync(MutableKeys keys, long seqnum, ReadOnlyMemory<byte> content, CancellationToken cancel)
    {
        Call("rewrite");
        RefuseWhileRolledBack();
        var readCap = keys.ToWriteCap().ToReadCap();
        if (storage.FindMutable(readCap) is not { } found)
        {
            storage.PutMutable(readCap, seqnum, content.ToArray(), keys.PublicKey.ToArray());
            written(readCap, seqnum);
        }
        else if (found.Seqnum != seqnum || !content.Span.SequenceEqual(found.Content))
        {
            throw new GridException(GridFailure.UncoordinatedWrite, "A version is there.");
        }
        Answer("rewrite");
        return Task.CompletedTask;
    }

    public Task<bool> RenewLeaseAsync(StorageIndex index, CancellationToken cancel)
    {
        Call("renew lease");
        bool holds = storage.Holds(index);
        if (holds) storage.Lease(index, client, time.NowNs + LeaseNs);
        return Task.FromResult(holds);
    }

    public Task RequireEveryServerAsync(CancellationToken cancel)
    {
        Call("ask servers");
        RefuseWhileRolledBack();
        return Task.CompletedTask;
    }

    public Task<Reclaimed> ReclaimAsync(StorageIndex index, bool pretend, CancellationToken cancel)
    {
        Call("reclaim");
        RefuseWhileRolledBack();
        bool isLeft = storage.Holds(index) && (pretend ? storage.WouldGiveUp(index, client, time.NowNs) : storage.GiveUp(index, client, time.NowNs));
        var outcome = isLeft ? ReclaimOutcome.Deleted : storage.Holds(index) ? ReclaimOutcome.Leased : ReclaimOutcome.NotFound;
        Answer("reclaim");
        return Task.FromResult(new Reclaimed(outcome, 0));
    }

    public Task EndLeaseAsync(StorageIndex index, CancellationToken cancel)
    {
        Call("end lease");
        RefuseWhileRolledBack();
        storage.EndLease(index, client);
        Answer("end lease");
        return Task.CompletedTask;
    }

    private void RefuseWhileRolledBack()
    {
        if (storage.ShownUpTo is not null) throw new GridException(GridFailure.Denied, "simulated: this server takes nothing");
    }

    private void Call(string name)
    {
        step("grid " + name);
        if (_chances.Fails()) throw new GridException(GridFailure.Unavailable, $"simulated: unavailable at {name}");
    }

    /// <summary>The effect is there, but its caller may die, or never hear of it.</summary>
    private void Answer(string name)
    {
        step("grid answer of " + name);
        if (_chances.Fails()) throw new GridException(GridFailure.Unavailable, $"simulated: the answer of {name} is lost");
    }

    private void CallToWrite(string name)
    {
        Call(name);
        if (_chances.FailsToWrite()) throw new GridException(GridFailure.Unavailable, $"simulated: unavailable at {name}");
    }

    private void AnswerWrite(string name)
    {
        Answer(name);
        if (_chances.FailsToWrite()) throw new GridException(GridFailure.Unavailable, $"simulated: the answer of {name} is lost");
    }

    private sealed class File(SimulatedGrid grid, byte[] bytes) : IImmutableFile
    {
        public long Size => bytes.Length;

        public ValueTask ReadAsync(long offset, Memory<byte> destination, CancellationToken cancel)
        {
            grid.Call("read");
            if (grid._chances.IsLost()) throw new GridException(GridFailure.Damaged, "simulated: the shares do not verify at this read");
            bytes.AsMemory(checked((int)offset), destination.Length).CopyTo(destination);
            return default;
        }

        public ValueTask DisposeAsync() => default;
    }
}
