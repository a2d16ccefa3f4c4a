using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Immutable;
using MagicFolder.Tahoe.Mutable;
using MagicFolder.Tahoe.Tests.Immutable;

namespace MagicFolder.Tahoe.Tests.Mutable;

/// <summary>Short spellings for MDMF files in memory.</summary>
internal static class Mdmf
{
    /// <summary>Where the salt of a segment stands in a share as all writers make it.</summary>
    internal static int SaltAt(int segment, int k) => 2167 + (segment * (16 + ((131072 + k - 1) / k)));

    internal static async Task<(MdmfPublication Publication, byte[][] Shares)> PublishAsync(
        MutableKeys keys, long seqnum, byte[] content, IRandomSource salts, int k, int n)
    {
        var streams = Streams(n);
        var publication = await MdmfPublisher.PublishAsync(keys, seqnum, new MemoryStream(content), content.Length, salts, streams, k, Chk.Cancel);
        return (publication, Apply(publication, streams, Array.ConvertAll(streams, _ => Array.Empty<byte>())));
    }

    internal static async Task<(MdmfPublication Publication, byte[][] Shares)> UpdateAsync(
        byte[][] shares, MutableKeys keys, long seqnum, long offset, byte[] data, IRandomSource salts)
    {
        var version = await BestAsync(keys.ToWriteCap(MutableFormat.Mdmf), All(shares));
        var streams = Streams(version.N);
        var publication = await MdmfUpdater.UpdateAsync(version, keys, seqnum, offset, new MemoryStream(data), data.Length, salts, streams, Chk.Cancel);
        return (publication, Apply(publication, streams, shares));
    }

    internal static Task<MutableShareMap> MapAsync(MutableWriteCap cap, params NumberedShare[] shares)
        => MutableShareMap.OpenAsync(shares, cap.ToVerifyCap(), everyByte: false, Chk.Cancel);

    internal static async Task<MdmfVersionShares> BestAsync(MutableWriteCap cap, params NumberedShare[] shares)
        => (await MapAsync(cap, shares)).RequireBest().ShouldBeOfType<MdmfVersionShares>();

    internal static async Task<byte[]> ReadAsync(MutableWriteCap cap, params NumberedShare[] shares)
    {
        var reader = (await MapAsync(cap, shares)).RequireBest().OpenReader(cap.ToReadCap());
        var content = new byte[reader.Size];
        await reader.ReadAsync(0, content, Chk.Cancel);
        return content;
    }

    internal static async Task<byte[][]> RemakeAsync(MdmfVersionShares version)
    {
        var streams = Streams(version.N);
        var publication = await MdmfRepairer.RemakeAsync(version, streams, Chk.Cancel);
        return Apply(publication, streams, Array.ConvertAll(streams, _ => Array.Empty<byte>()));
    }

    internal static NumberedShare[] All(byte[][] shares) => Chk.Pick(shares, [.. Enumerable.Range(0, shares.Length)]);

    /// <summary>What a server makes of the writes: it never shortens a share.</summary>
    internal static byte[][] Apply(MdmfPublication publication, MemoryStream[] streams, byte[][] former)
        => [.. former.Select((share, i) =>
        {
            var bytes = new byte[Math.Max(share.Length, publication.ShareLength)];
            share.CopyTo(bytes, 0);
            foreach (var write in publication.WritesOf(i, streams[i].ToArray()))
            {
                write.Bytes.CopyTo(bytes.AsMemory((int)write.Offset));
            }

            return bytes;
        })];

    internal static MemoryStream[] Streams(int n) => [.. Enumerable.Range(0, n).Select(_ => new MemoryStream())];
}
