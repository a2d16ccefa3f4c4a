using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Cli.Output;

/// <summary>Why an entry of a directory is skipped, in a few words.</summary>
internal static class Faults
{
    internal static string Describe(CapFault fault) => fault switch
    {
        CapFault.Malformed => "a cap of it is malformed",
        CapFault.MustBeReadOnly => "a write cap stands where only a read cap may",
        CapFault.MustBeDeepImmutable => "it can change, and its directory cannot",
        CapFault.MustNotBeUnknownWriteCap => "a write cap of an unknown kind stands alone",
        CapFault.NotText => "a cap of it is no text",
        _ => "its caps do not belong there",
    };
}
