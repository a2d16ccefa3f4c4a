using System.Security.Cryptography;
using MagicFolder.Grid;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Hashing;
using MagicFolder.Tahoe.Mutable;

namespace MagicFolder.Snapshots.Tests.Doubles;

/// <summary>Immutable objects in a dictionary: caps of the right types, no encoding. Counts what is asked of it and can be made to fail.</summary>
internal sealed class MemoryGrid : IGrid
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, byte[]> _objects = [];
    private readonly HashSet<string> _damaged = [];
    private int _begun;

    public int Puts { get; private set; }

    public long BytesPut { get; private set; }

    public int Opens { get; private set; }

    public int Reads { get; private set; }

    public long BytesRead { get; private set; }

    public int OpenHandles { get; private set; }

    /// <summary>While set, every put fails so.</summary>
    public GridFailure? FailPuts { get; set; }

    /// <summary>While set, every read or open fails so.</summary>
    public GridFailure? FailReads { get; set; }

    /// <summary>Fail reads with Unavailable after this many more.</summary>
    public int? ReadsLeft { get; set; }

    /// <summary>While set, the put with this number fails with Unavailable, counted from 0 in the order in which puts begin.</summary>
    public int? FailPut { get; set; }

    /// <summary>Puts that were begun.</summary>
    public int Begun => Volatile.Read(ref _begun);

    /// <summary>When set, puts wait for it.</summary>
    public TaskCompletionSource? Gate { get; set; }

    public IReadOnlyCollection<string> Caps => [.. _objects.Keys];

    public byte[] this[string cap] => _objects[cap];

    public void Remove(string cap) => _objects.Remove(cap);

    public void Damage(string cap) => _damaged.Add(cap);

    /// <summary>Other bytes under the same cap, as a hostile participant may have made them.</summary>
    public void Replace(string cap, byte[] bytes) => _objects[cap] = bytes;

    public async Task<ImmutableCap> PutImmutableAsync(Stream content, long size, EncryptionKeyChoice key, CancellationToken cancel)
    {
        int number = Interlocked.Increment(ref _begun) - 1;
        if (Gate is { } gate) await gate.Task.WaitAsync(cancel);
        if (number == FailPut) throw new GridException(GridFailure.Unavailable, "The test's storage fails once.");
        if (FailPuts is { } failure) throw new GridException(failure, "The test's storage fails.");
        var bytes = new byte[size];
        await content.ReadExactlyAsync(bytes, cancel);
        content.ReadByte().ShouldBe(-1);
        var aes = key.ShouldBeOfType<EncryptionKeyChoice.FromCaller>().Key;
        var cap = new ChkCap(aes, Digest.From(SHA256.HashData(bytes)), 1, 1, size);
        lock (_lock)
        {
            Puts++;
            BytesPut += size;
            _objects[cap.ToUriString()] = bytes;
        }
        return cap;
    }

    public Task<IImmutableFile> OpenImmutableAsync(ImmutableCap cap, CancellationToken cancel)
    {
        Opens++;
        if (FailReads is { } failure) throw new GridException(failure, "The test's storage fails.");
        if (!_objects.TryGetValue(cap.ToUriString(), out byte[]? bytes)) throw new GridException(GridFailure.NotFound, "No such object.");
        lock (_lock) OpenHandles++;
        return Task.FromResult<IImmutableFile>(new MemoryFile(this, cap.ToUriString(), bytes));
    }

    public Task CreateMutableAsync(MutableKeys keys, ReadOnlyMemory<byte> content, CancellationToken cancel) => throw new NotSupportedException();

    public Task<MutableVersion> ReadMutableAsync(MutableReadCap cap, CancellationToken cancel) => throw new NotSupportedException();

    public Task<long> PublishMutableAsync(MutableWriteCap cap, long expectedSeqnum, ReadOnlyMemory<byte> content, CancellationToken cancel) =>
        throw new NotSupportedException();

    public Task RewriteMutableAsync(MutableKeys keys, long seqnum, ReadOnlyMemory<byte> content, CancellationToken cancel) => throw new NotSupportedException();

    public Task<bool> RenewLeaseAsync(StorageIndex index, CancellationToken cancel) => throw new NotSupportedException();

    private sealed class MemoryFile(MemoryGrid grid, string cap, byte[] bytes) : IImmutableFile
    {
        public long Size => bytes.Length;

        public ValueTask ReadAsync(long offset, Memory<byte> destination, CancellationToken cancel)
        {
            cancel.ThrowIfCancellationRequested();
            if (grid.FailReads is { } failure) throw new GridException(failure, "The test's storage fails.");
            if (grid.ReadsLeft is { } left)
            {
                if (left == 0) throw new GridException(GridFailure.Unavailable, "The test's storage went away.");
                grid.ReadsLeft = left - 1;
            }
            if (grid._damaged.Contains(cap)) throw new GridException(GridFailure.Damaged, "The test's share is damaged.");
            lock (grid._lock)
            {
                grid.Reads++;
                grid.BytesRead += destination.Length;
            }
            bytes.AsMemory(checked((int)offset), destination.Length).CopyTo(destination);
            return default;
        }

        public ValueTask DisposeAsync()
        {
            lock (grid._lock) grid.OpenHandles--;
            return default;
        }
    }
}
