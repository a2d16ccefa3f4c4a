using System.Collections.Concurrent;
using MagicFolder.Grid.Servers;
using MagicFolder.Tahoe;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Hashing;
using MagicFolder.Tahoe.Mutable;

namespace MagicFolder.Grid;

public sealed partial class TahoeGrid
{
    private const int MaxKeptKeys = 64;
    private const int MaxShareOverhead = 64 * 1024;

    // Parsing a private key costs about as much as signing with it, and a computer publishes to few objects again and again.
    private readonly ConcurrentDictionary<WriteKey, MutableKeys> _keys = new();

    public async Task CreateMutableAsync(MutableKeys keys, ReadOnlyMemory<byte> content, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(keys);
        var cap = keys.ToWriteCap();
        if (!await WriteAsync(keys, cap, 1, TestVector.MustNotExist, content, cancel))
        {
            await AcceptOursAsync(cap, (await ReadBestAsync(cap.ToReadCap(), cancel)).Version, 1, content, cancel);
        }
    }

    public async Task<MutableVersion> ReadMutableAsync(MutableReadCap cap, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(cap);
        var version = (await ReadBestAsync(cap, cancel)).Version;
        return new MutableVersion(version.Seqnum, version.Content, version.PublicKey);
    }

    public async Task<long> PublishMutableAsync(MutableWriteCap cap, long expectedSeqnum, ReadOnlyMemory<byte> content, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(cap);
        ArgumentOutOfRangeException.ThrowIfLessThan(expectedSeqnum, 1);
        var seqnum = checked(expectedSeqnum + 1);
        var (found, share) = await ReadBestAsync(cap.ToReadCap(), cancel);
        if (found.Seqnum != expectedSeqnum)
        {
            await AcceptOursAsync(cap, found, seqnum, content, cancel);
            return seqnum;
        }

        var keys = KeysOf(cap, share);
        if (!await WriteAsync(keys, cap, seqnum, TestVector.BeginsWith(found.Checkstring), content, cancel))
        {
            await AcceptOursAsync(cap, (await ReadBestAsync(cap.ToReadCap(), cancel)).Version, seqnum, content, cancel);
        }

        return seqnum;
    }

    public async Task RewriteMutableAsync(MutableKeys keys, long seqnum, ReadOnlyMemory<byte> content, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentOutOfRangeException.ThrowIfLessThan(seqnum, 1);
        var cap = keys.ToWriteCap();
        // Looked at first: whoever writes after this makes the test fail.
        var test = await TestForWhatIsThereAsync(cap, cancel);
        if (await FindBestAsync(cap.ToReadCap(), cancel) is { } found)
        {
            await AcceptOursAsync(cap, found, seqnum, content, cancel);
        }
        else if (!await WriteAsync(keys, cap, seqnum, test, content, cancel))
        {
            await AcceptOursAsync(cap, (await ReadBestAsync(cap.ToReadCap(), cancel)).Version, seqnum, content, cancel);
        }
    }

    /// <summary>Passes for share 0 as it is now, whatever that may be.</summary>
    private async Task<TestVector> TestForWhatIsThereAsync(MutableWriteCap cap, CancellationToken cancel)
    {
        var index = cap.StorageIndex;
        var server = ServerPermutation.Order(_servers, index)[0];
        var answer = await server.ReadTestWriteAsync(
            index, WriteEnabler.Derive(cap.WriteKey, server.Identity.NodeId), LeaseFor(server, index),
            new ReadTestWriteRequest([], [new ReadVector(0, SdmfShare.CheckstringLength)]), cancel);
        return answer.Data.TryGetValue(0, out var reads) && !reads[0].IsEmpty ? TestVector.BeginsWith(reads[0]) : TestVector.MustNotExist;
    }

    /// <summary>Null if no version verifies.</summary>
    private async Task<SdmfVersion?> FindBestAsync(MutableReadCap cap, CancellationToken cancel)
    {
        try
        {
            return (await ReadBestAsync(cap, cancel)).Version;
        }
        catch (GridException e) when (e.Failure is GridFailure.NotFound or GridFailure.Damaged)
        {
            return null;
        }
    }

    /// <summary>
    /// A write whose answer was lost is repeated by its caller. Each attempt has another IV and signature, so it is the verified number and content that tell that the
    /// version in place is the one to be written. Renewing the lease makes sure that it is durable.
    /// </summary>
    private async Task AcceptOursAsync(MutableWriteCap cap, SdmfVersion found, long seqnum, ReadOnlyMemory<byte> content, CancellationToken cancel)
    {
        if (found.Seqnum != seqnum || !found.Content.Span.SequenceEqual(content.Span))
        {
            throw new GridException(
                GridFailure.UncoordinatedWrite, $"The mutable object {cap.StorageIndex} has version {found.Seqnum}; version {seqnum} was to be written. Read it again.");
        }

        await RenewLeaseAsync(cap.StorageIndex, cancel);
    }

    private async Task<bool> WriteAsync(
        MutableKeys keys, MutableWriteCap cap, long seqnum, TestVector test, ReadOnlyMemory<byte> content, CancellationToken cancel)
    {
        var index = cap.StorageIndex;
        var share = BuildShare(keys, seqnum, content.Span);
        var server = ServerPermutation.Order(_servers, index)[0];
        var request = new ReadTestWriteRequest(
            [new ShareWrite(0, [test], [new WriteVector(0, share)], share.Length)], [new ReadVector(0, SdmfShare.CheckstringLength)]);
        var answer = await server.ReadTestWriteAsync(
            index, WriteEnabler.Derive(cap.WriteKey, server.Identity.NodeId), LeaseFor(server, index), request, cancel);
        return answer.Success;
    }

    private ReadOnlyMemory<byte> BuildShare(MutableKeys keys, long seqnum, ReadOnlySpan<byte> content)
    {
        Span<byte> iv = stackalloc byte[SdmfPublisher.IvLength];
        _random.Fill(iv);
        return SdmfPublisher.Build(keys, seqnum, content, iv).Shares[0];
    }

    /// <summary>The newest version that verifies, and the share it was read from.</summary>
    private async Task<(SdmfVersion Version, ReadOnlyMemory<byte> Share)> ReadBestAsync(MutableReadCap cap, CancellationToken cancel)
    {
        var index = cap.StorageIndex;
        var opened = await OpenSharesAsync(index, cancel);
        try
        {
            (SdmfVersion Version, ReadOnlyMemory<byte> Share)? best = null;
            GridException? trouble = null;
            foreach (var (number, handle) in opened)
            {
                try
                {
                    var share = await ReadWholeAsync(handle, cancel);
                    var version = SdmfReader.Read(share, number, cap);
                    if (best is not { } known || (version.Seqnum, version.RootHash).CompareTo((known.Version.Seqnum, known.Version.RootHash)) > 0)
                    {
                        best = (version, share);
                    }
                }
                catch (DamagedShareException e)
                {
                    trouble = GridDamage.Describe(e, index);
                }
                catch (GridException e) when (e.Failure == GridFailure.Damaged)
                {
                    trouble = e;
                }
            }

            return best ?? throw trouble ?? NotFound(index);
        }
        finally
        {
            await DisposeAsync(opened);
        }
    }

    private static async Task<ReadOnlyMemory<byte>> ReadWholeAsync(IShareHandle handle, CancellationToken cancel)
    {
        // Containers never shrink at other servers, so stale bytes may follow the share; far too many of them are an attack.
        if (handle.Length > SdmfPublisher.MaxContentLength + MaxShareOverhead)
        {
            throw new DamagedShareException(ShareDamage.BadLayout, "The share is longer than any can be.");
        }

        var share = new byte[handle.Length];
        await handle.ReadAsync(0, share, cancel);
        return share;
    }

    private MutableKeys KeysOf(MutableWriteCap cap, ReadOnlyMemory<byte> share)
    {
        if (_keys.TryGetValue(cap.WriteKey, out var known))
        {
            return known;
        }

        try
        {
            var keys = SdmfReader.ReadKeys(SdmfReader.VerifyHeader(share, cap.ToVerifyCap()), cap);
            if (_keys.Count >= MaxKeptKeys)
            {
                _keys.Clear();
            }

            return _keys.GetOrAdd(cap.WriteKey, keys);
        }
        catch (DamagedShareException e)
        {
            throw GridDamage.Describe(e, cap.StorageIndex);
        }
    }
}
