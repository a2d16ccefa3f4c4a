using MagicFolder.Grid.Servers;
using MagicFolder.Tahoe;
using MagicFolder.Tahoe.Immutable;

namespace MagicFolder.Grid;

/// <summary>An immutable file that is read from its opened shares.</summary>
internal sealed class ChkFile(ChkDecoder decoder, OpenedShares shares) : IImmutableFile
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
            throw shares.TooLittle(e);
        }
    }

    public async ValueTask ReadUnverifiedAsync(long offset, Memory<byte> destination, CancellationToken cancel)
    {
        try
        {
            await decoder.ReadUnverifiedAsync(offset, destination, cancel);
        }
        catch (DamagedShareException e)
        {
            throw shares.TooLittle(e);
        }
    }

    public ValueTask DisposeAsync() => shares.DisposeAsync();
}
