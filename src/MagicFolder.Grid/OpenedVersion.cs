using MagicFolder.Tahoe;
using MagicFolder.Tahoe.Mutable;

namespace MagicFolder.Grid;

/// <summary>One version of a mutable object, read from its opened shares. What is published meanwhile does not change it.</summary>
internal sealed class OpenedVersion(IMutableReader reader, MutableSurvey survey) : IImmutableFile
{
    public long Size => reader.Size;

    public async ValueTask ReadAsync(long offset, Memory<byte> destination, CancellationToken cancel)
    {
        try
        {
            await reader.ReadAsync(offset, destination, cancel);
        }
        catch (DamagedShareException e)
        {
            throw survey.TooLittle(e);
        }
    }

    public ValueTask DisposeAsync() => survey.DisposeAsync();
}
