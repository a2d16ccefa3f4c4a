using System.Buffers.Binary;
using MagicFolder.Grid.Servers;
using MagicFolder.Tahoe.Immutable;
using MagicFolder.Tahoe.Mutable;

namespace MagicFolder.Grid;

/// <summary>A mutable share as a server shows it. Its beginning is in memory, the rest is read when it is needed.</summary>
internal sealed class SeenShare : IShareSource
{
    /// <summary>What tests compare of a share, whichever format it has: the checkstring of SDMF, or that of MDMF and 16 more of the bytes that are signed.</summary>
    public const int TestedLength = SdmfShare.CheckstringLength;

    private readonly ReadOnlyMemory<byte> _head;
    private readonly IShareHandle _handle;

    private SeenShare(OpenedShare share, ReadOnlyMemory<byte> head) => (Server, Number, _handle, _head) = (share.Server, share.Number, share.Handle, head);

    public NamedServer Server { get; }

    public int Number { get; }

    public long Length => _handle.Length;

    /// <summary>What a test compares. Shorter if the share is.</summary>
    public ReadOnlyMemory<byte> Tested => _head[..Math.Min(_head.Length, TestedLength)];

    /// <summary>Of a sound share.</summary>
    public long Seqnum => BinaryPrimitives.ReadInt64BigEndian(_head.Span[1..]);

    /// <summary>Reads the beginning of a share.</summary>
    /// <exception cref="GridException">The server cannot read it.</exception>
    public static async ValueTask<SeenShare> LookAtAsync(OpenedShare share, CancellationToken cancel)
    {
        var head = new byte[Math.Min(MutableShareMap.HeadLength, share.Handle.Length)];
        await share.Handle.ReadAsync(0, head, cancel);
        return new SeenShare(share, head);
    }

    public bool BeginsWith(ReadOnlySpan<byte> checkstring) => _head.Span.StartsWith(checkstring);

    public ValueTask ReadAsync(long offset, Memory<byte> destination, CancellationToken cancel)
    {
        if (offset < 0 || offset > _head.Length - destination.Length)
        {
            return _handle.ReadAsync(offset, destination, cancel);
        }

        _head.Slice((int)offset, destination.Length).CopyTo(destination);
        return ValueTask.CompletedTask;
    }
}
