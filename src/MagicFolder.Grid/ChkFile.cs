using MagicFolder.Grid.Servers;
using MagicFolder.Tahoe;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Immutable;

namespace MagicFolder.Grid;

/// <summary>An immutable file that is read from its opened shares.</summary>
internal sealed class ChkFile(ChkCap cap, ChkDecoder decoder, IReadOnlyList<IShareHandle> shares) : IImmutableFile
{
    public long Size => decoder.Size;

    public async ValueTask ReadAsync(long offset, Memory<byte> destination, CancellationToken cancel)
    {
        try
        {
            await decoder.ReadAsync(offset, destination, cancel);
        }
        catch (DamagedShareException e)
        {
            throw GridDamage.Describe(e, cap.StorageIndex);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var share in shares)
        {
            await share.DisposeAsync();
        }
    }
}
