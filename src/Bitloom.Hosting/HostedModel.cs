using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.Loader;
using Bitloom.Compiler;
using Bitloom.Compiler.Descriptors;
using Bitloom.Runtime;

namespace Bitloom.Hosting;

/// <summary>
/// Emitted code, compiled in memory and loaded: for tools and tests, which meet networks at run time. Programs let the generator
/// compile theirs in the build. Disposing unloads the code, once its sessions are disposed and no longer referenced.
/// </summary>
public sealed class HostedModel : IDisposable
{
    private readonly AssemblyLoadContext _context;
    private readonly MethodInfo _create;

    private HostedModel(AssemblyLoadContext context, MethodInfo create)
    {
        (_context, _create) = (context, create);
        TakesSize = create.GetParameters().Any(p => p.Name == "height");
    }

    /// <summary>True where a session is created for a height and a width; false where the network fixes both.</summary>
    public bool TakesSize { get; }

    /// <summary>Compiles and loads a network's emitted files.</summary>
    /// <param name="network">What the compiler made.</param>
    /// <param name="className">Full name of the emitted class, with its namespace.</param>
    /// <param name="cancellation">Stops the C# compiler.</param>
    /// <exception cref="EmittedCodeException">The emitted C# has errors or warnings, or has not the promised form: a defect of the compiler.</exception>
    public static HostedModel Load(CompiledNetwork network, string className, CancellationToken cancellation = default) =>
        Load(network.Files, className, network.ReadsDescriptor ? DescriptorWriter.Write(network.Plan.Source) : null, cancellation);

    /// <inheritdoc cref="Load(CompiledNetwork, string, CancellationToken)"/>
    /// <param name="files">Emitted C#.</param>
    /// <param name="className">Full name of the emitted class, with its namespace.</param>
    /// <param name="cancellation">Stops the C# compiler.</param>
    public static HostedModel Load(IReadOnlyList<SourceFile> files, string className, CancellationToken cancellation = default) =>
        Load(files, className, descriptor: null, cancellation);

    private static HostedModel Load(IReadOnlyList<SourceFile> files, string className, string? descriptor, CancellationToken cancellation)
    {
        using MemoryStream assembly = InMemoryCompilation.Compile(files, className, descriptor, cancellation);
        var context = new AssemblyLoadContext($"Bitloom {className}", isCollectible: true);

        // The loaded code must share this process's BloomSession: resolve what it names from here, whatever the default context finds.
        context.Resolving += (_, name) => name.Name == typeof(BloomSession).Assembly.GetName().Name ? typeof(BloomSession).Assembly : null;
        MethodInfo? create = context.LoadFromStream(assembly).GetType(className)?.GetMethod("Create", BindingFlags.Public | BindingFlags.Static);
        if (create is null || !create.ReturnType.IsSubclassOf(typeof(BloomSession)))
        {
            context.Unload();
            throw new EmittedCodeException($"The emitted code has no class '{className}' with a public static Create that returns a {nameof(BloomSession)}.");
        }

        return new HostedModel(context, create);
    }

    /// <summary>Makes a session for one image size.</summary>
    /// <param name="height">Rows of the input; ignored where the network fixes its size.</param>
    /// <param name="width">Pixels a row of the input; ignored where the network fixes its size.</param>
    /// <param name="threads">Threads that share the work, from 1.</param>
    /// <param name="vectorWidth">Which kernels to run.</param>
    /// <exception cref="ArgumentException">The network cannot take that size, or the machine not that width.</exception>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public BloomSession CreateSession(int height, int width, int threads = 1, VectorWidth vectorWidth = VectorWidth.Best)
    {
        object?[] arguments = [.. _create.GetParameters().Select(p => (object?)(p.Name switch
        {
            "height" => height,
            "width" => width,
            "threads" => threads,
            "vectorWidth" => vectorWidth,
            _ => throw new EmittedCodeException($"The emitted Create has a parameter '{p.Name}' that is not known here."),
        }))];
        try
        {
            return (BloomSession)_create.Invoke(null, arguments)!;
        }
        catch (TargetInvocationException failure)
        {
            // Callers meet the exception that the emitted code threw, with its own stack.
            ExceptionDispatchInfo.Throw(failure.InnerException!);
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _context.Unload();
}
