using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Immutable;
using MagicFolder.Tahoe.Mutable;
using MagicFolder.Tahoe.Tests.Immutable;

namespace MagicFolder.Tahoe.Tests.Mutable;

/// <summary>Short spellings for SDMF files in memory, where nothing waits.</summary>
internal static class Sdmf
{
    internal static MutableShareMap Map(MutableVerifyCap cap, params NumberedShare[] shares)
    {
        var opening = MutableShareMap.OpenAsync(shares, cap, everyByte: false, Chk.Cancel);
        opening.IsCompleted.ShouldBeTrue();
        return opening.GetAwaiter().GetResult();
    }

    internal static SdmfVersion Read(MutableReadCap cap, params NumberedShare[] shares) => SdmfReader.Decode((SdmfVersionShares)Map(cap.ToVerifyCap(), shares).RequireBest(), cap);

    internal static NumberedShare Share(int number, ReadOnlyMemory<byte> bytes) => new(number, new MemoryShareSource(bytes));
}
