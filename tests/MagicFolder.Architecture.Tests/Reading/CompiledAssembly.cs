using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace MagicFolder.Architecture.Tests.Reading;

/// <summary>What a compiled assembly uses from outside of itself, by its metadata: that cannot be talked round.</summary>
internal sealed class CompiledAssembly
{
    private CompiledAssembly(MetadataReader metadata)
    {
        Assemblies = [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];
        Types = [.. metadata.TypeReferences.Select(handle => NameOf(metadata, metadata.GetTypeReference(handle)))];
        Members = [.. metadata.MemberReferences.Select(handle => metadata.GetMemberReference(handle))
            .Where(member => member.Parent.Kind == HandleKind.TypeReference)
            .Select(member => NameOf(metadata, metadata.GetTypeReference((TypeReferenceHandle)member.Parent)) + "." + metadata.GetString(member.Name))];
        NativeLibraries = [.. Enumerable.Range(1, metadata.GetTableRowCount(TableIndex.ModuleRef))
            .Select(row => metadata.GetString(metadata.GetModuleReference(MetadataTokens.ModuleReferenceHandle(row)).Name))];
    }

    internal IReadOnlyList<string> Assemblies { get; }

    internal IReadOnlyList<string> Types { get; }

    /// <summary>Type and member, as in <c>System.DateTime.get_Now</c>; constructors are <c>.ctor</c>.</summary>
    internal IReadOnlyList<string> Members { get; }

    internal IReadOnlyList<string> NativeLibraries { get; }

    internal static CompiledAssembly Of(string room)
    {
        using var file = new PEReader(File.OpenRead(Path.Combine(AppContext.BaseDirectory, Rooms.AssemblyOf(room) + ".dll")));
        return new CompiledAssembly(file.GetMetadataReader());
    }

    private static string NameOf(MetadataReader metadata, TypeReference type) =>
        type.ResolutionScope.Kind == HandleKind.TypeReference
            ? NameOf(metadata, metadata.GetTypeReference((TypeReferenceHandle)type.ResolutionScope)) + "+" + metadata.GetString(type.Name)
            : metadata.GetString(type.Namespace) + "." + metadata.GetString(type.Name);
}
